/**
 * Reads the assignments of a `.env` file. Programs differ in what `#`, `$` and a backslash mean there. A value that two of them read
 * differently gets a problem instead of a text, so that no secret is cut short. Pure.
 */

/** One `NAME=value`. */
export interface Assignment {
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly name: string;
  /** Its value, or why it has none, as the end of "<name> ...". A problem never has a part of the value. */
  readonly read: { readonly value: string } | { readonly problem: string };
}

/** What the lines of a file are, apart from comments and blank lines. */
export interface EnvLines {
  readonly assignments: readonly Assignment[];
  /** Numbers of the lines that belong to no assignment. */
  readonly others: readonly number[];
}

type Read = Assignment["read"];

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.:-]*)\s*=(.*)$/s;
const BLANK_OR_COMMENT = /^\s*(?:#.*)?$/;
/** A line inside a value of several lines that looks like the next assignment. The last line of Base64 ends in `=` or `==`. */
const SWALLOWED = /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=(?!=?\s*$)/;
const QUOTED: ReadonlyMap<string, RegExp> = new Map([
  ["'", /^'([^']*)'([^\n]*)/],
  ["`", /^`([^`]*)`([^\n]*)/],
  ['"', /^"((?:\\[\s\S]|[^"\\])*)"([^\n]*)/],
]);
const IN_SINGLE_QUOTES = "put the value in single quotes";

export function readEnvLines(text: string): EnvLines {
  const lines = text.split(/\r\n|\r|\n/);
  const assignments: Assignment[] = [];
  const others: number[] = [];
  for (let index = 0; index < lines.length;) {
    const line = lines[index] ?? "";
    const [, name, rest] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      if (!BLANK_OR_COMMENT.test(line)) {
        others.push(index + 1);
      }
      index += 1;
      continue;
    }
    const { read, length } = readValue(rest, lines.slice(index + 1));
    assignments.push({ line: index + 1, name, read });
    index += length;
  }
  return { assignments, others };
}

/** Returns a value with the number of its lines. `rest` is what follows the equals sign. */
function readValue(rest: string, following: readonly string[]): { readonly read: Read; readonly length: number } {
  const start = rest.trimStart();
  const pattern = QUOTED.get(start.charAt(0));
  if (pattern !== undefined) {
    return readQuoted(start, pattern, following);
  }
  if (/^-----BEGIN [^-]+-----\s*$/.test(start)) {
    const end = following.findIndex((line) => line.startsWith("-----END "));
    return {
      read: { problem: "has several lines without quotation marks; put them in single quotes" },
      length: end + 2,
    };
  }
  return { read: readUnquoted(rest), length: 1 };
}

function readQuoted(start: string, pattern: RegExp, following: readonly string[]) {
  const [, content, after] = pattern.exec([start, ...following].join("\n")) ?? [];
  const inner = content?.split("\n").slice(1) ?? [];
  if (content === undefined || after === undefined || inner.some((line) => SWALLOWED.test(line))) {
    return unclosed(following);
  }
  const length = inner.length + 1;
  if (!/^\s*$|^\s+#/.test(after)) {
    return { read: { problem: "has text after the closing quotation mark" }, length };
  }
  return { read: start.startsWith('"') ? unescaped(content) : { value: content }, length };
}

/** The lines before the next assignment belong to the value. */
function unclosed(following: readonly string[]) {
  const next = following.findIndex((line) => SWALLOWED.test(line));
  const read = { problem: "has a quotation mark that is not closed before the next NAME=value" };
  return { read, length: 1 + (next < 0 ? following.length : next) };
}

/** The content of double quotes, as shells read it; `\n` and `\r` are line ends, as in most `.env` files. */
function unescaped(content: string): Read {
  const literal = content.replaceAll(/\\[\s\S]/g, "");
  if (expands(literal)) {
    return { problem: `has "$", which many programs replace by a variable; ${IN_SINGLE_QUOTES}` };
  }
  if (/\\[^nr"\\$]/.test(content.replaceAll("\\\\", ""))) {
    return { problem: `has a backslash that programs read differently; ${IN_SINGLE_QUOTES}` };
  }
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r" };
  return { value: content.replaceAll(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter) };
}

function readUnquoted(rest: string): Read {
  const comment = rest.search(/\s#/);
  const value = (comment < 0 ? rest : rest.slice(0, comment)).trim();
  if (value.includes("#")) {
    return { problem: `has "#", where some programs end the value; ${IN_SINGLE_QUOTES}` };
  }
  if (expands(value)) {
    return { problem: `has "$", which many programs replace by a variable; ${IN_SINGLE_QUOTES}` };
  }
  if (comment >= 0 && /["'`]/.test(value)) {
    return { problem: `has quotation marks before "#", which may be part of the value; ${IN_SINGLE_QUOTES}` };
  }
  return { value };
}

/** Whether shells, Docker Compose or Next.js would replace a part of the text. */
function expands(text: string): boolean {
  return /\$[\w{($]/.test(text);
}
