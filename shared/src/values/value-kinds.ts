/** Kinds of configuration values. A kind parses the text of a Pulumi configuration value into a typed value. */
import { z } from "zod";
import type { NameLimit } from "../aws/aws-limits.ts";
import { parseCidr } from "../aws/cidr-blocks.ts";

export interface ValueKind<T> {
  /** What is allowed, as the end of "must be ...". Used in error messages and in the documentation. */
  readonly allowed: string;
  /** Returns the typed value of `text`, or undefined when it is not allowed. */
  readonly parse: (text: string) => T | undefined;
  /** Returns why a well-formed text is not allowed, as a sentence without a period; undefined when it says nothing more. */
  readonly reasonAgainst?: (text: string) => string | undefined;
  /** All allowed texts; undefined when there are too many to list. */
  readonly choices?: readonly string[];
  /** Whether the text has several lines. A person then provides it as a file. */
  readonly multiline?: true;
}

/** Text that matches `pattern`. `allowed` describes the pattern. */
export function text(allowed: string, pattern = /\S/): ValueKind<string> {
  return { allowed, parse: (value) => (pattern.test(value) ? value : undefined) };
}

/** A kind of names without those that a limit refuses. */
export function within(kind: ValueKind<string>, limits: readonly NameLimit[]): ValueKind<string> {
  const limitOf = (name: string) => limits.find(({ refuses }) => refuses(name.toLowerCase()));
  return {
    allowed: `${kind.allowed}, but not ${limits.map(({ names }) => names).join(", ")}`,
    parse: (name) => (limitOf(name) === undefined ? kind.parse(name) : undefined),
    reasonAgainst: (name) => (kind.parse(name) === undefined ? undefined : limitOf(name)?.reason),
  };
}

export function oneOf<const Word extends string>(...words: readonly Word[]): ValueKind<Word> {
  return {
    allowed: words.map((word) => `\`${word}\``).join(" or "),
    parse: (value) => words.find((word) => word === value),
    choices: words,
  };
}

export const bool: ValueKind<boolean> = {
  allowed: "`true` or `false`",
  parse: (value) => (value === "true" ? true : value === "false" ? false : undefined),
  choices: ["true", "false"],
};

/** A whole number between `min` and `max`, both included. */
export function integer(min: number, max: number, unit = ""): ValueKind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`,
    parse: (value) => {
      const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

export function numberFrom(...numbers: readonly number[]): ValueKind<number> {
  return {
    allowed: `one of ${numbers.join(", ")}`,
    parse: (value) => (/^\d+$/.test(value) ? numbers.find((number) => number === Number(value)) : undefined),
  };
}

/** An IPv4 range with a prefix of `min` to `max` bits. */
export function cidr(min = 0, max = 32): ValueKind<string> {
  return {
    allowed: `an IPv4 range in CIDR notation with a prefix from /${min} to /${max} and no host bits`,
    parse: (value) => {
      const block = parseCidr(value);
      return block !== undefined && block.prefix >= min && block.prefix <= max ? value : undefined;
    },
  };
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** `min` to `max` values of one kind, written as a list in the YAML file or as comma-separated text. */
export function listOf(item: ValueKind<string>, min = 0, max = 50): ValueKind<readonly string[]> {
  const count = min === max ? `${min} values` : `a list of up to ${max} values`;
  return {
    allowed: `${count}, separated by commas, each ${item.allowed}`,
    parse: (value) => {
      const parts = value.trim().startsWith("[") ? parseJson(value) : value.split(",").map((part) => part.trim());
      if (!Array.isArray(parts)) {
        return undefined;
      }
      const items = parts.filter((part) => part !== "").map((part) => item.parse(String(part)));
      const valid = items.filter((parsed) => parsed !== undefined);
      return valid.length === items.length && valid.length >= min && valid.length <= max ? valid : undefined;
    },
  };
}

/** JSON that fits `schema`; `allowed` says so in words. */
export function json<T>(allowed: string, schema: z.ZodType<T>): ValueKind<T> {
  return { allowed, parse: (value) => schema.safeParse(parseJson(value)).data };
}

/** Environment variables by name; none is empty. */
export const variablesSchema = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().min(1));

/** A program with its arguments. */
export const commandSchema = z.array(z.string().min(1)).min(1);

/** A JSON object whose keys are environment variable names and whose values are non-empty strings. */
export const variables: ValueKind<Readonly<Record<string, string>>> = json(
  'a JSON object of environment variables with non-empty text values, such as {"NAME": "value"}',
  variablesSchema,
);

/** A program with its arguments, as a JSON list of non-empty texts. */
export const command: ValueKind<readonly string[]> = json(
  'a JSON list of a program and its arguments, such as ["node", "migrate.js"]',
  commandSchema,
);

/** An absolute URL with one of these schemes. */
export function url(...schemes: readonly string[]): ValueKind<string> {
  return {
    allowed: `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    parse: (value) => {
      const parsed = URL.canParse(value) ? new URL(value) : undefined;
      const valid = parsed !== undefined && parsed.hostname !== "" && schemes.includes(parsed.protocol.slice(0, -1));
      return valid ? value : undefined;
    },
  };
}
