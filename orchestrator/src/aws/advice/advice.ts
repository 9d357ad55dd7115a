/** Finds the advice for errors of AWS in the messages of a failure. `docs/troubleshooting.md` has the same table. Pure. */
import { accessRows } from "./access-rows.ts";
import { quotaRows } from "./quota-rows.ts";
import { resourceRows } from "./resource-rows.ts";
import type { AdviceRow } from "./row.ts";

/** The first row that fits counts. */
export const adviceTable: readonly AdviceRow[] = [...accessRows, ...quotaRows, ...resourceRows];

/** Values of the placeholders in all rows. */
export interface AdvicePlace {
  readonly stack: string;
  /** Undefined: commands get no `--region`. */
  readonly region: string | undefined;
}

/** A code with its message: `api error ExpiredToken: ...`, `ResourceExistsException: ...`. A line can have several that look like one. */
const CODE = /\b(?<code>[A-Z]\w+(?:\.\w+)*): /g;

/** The reason of a failure, followed by the advice for it, each once. */
export function withAdvice(reason: string, place: AdvicePlace): string {
  const advice = reason.split("\n").flatMap((line) => adviceOn(line, place));
  return [reason, ...new Set(advice)].join("\n\n");
}

function adviceOn(line: string, place: AdvicePlace): readonly string[] {
  const codes = [...line.matchAll(CODE)].map(({ groups }) => plainCode(groups?.code ?? ""));
  const row = adviceTable.find(
    (each) =>
      (each.codes.length === 0 || each.codes.some((code) => codes.includes(plainCode(code)))) &&
      (each.when?.test(line) ?? true),
  );
  return row === undefined ? [] : [textOf(row, line, place)];
}

/** SDKs write the codes of some errors with and without these ends. */
function plainCode(code: string): string {
  return code.replace(/(Exception|Fault)$/, "");
}

function textOf({ why, fix, when }: AdviceRow, line: string, { stack, region }: AdvicePlace): string {
  const values = { ...when?.exec(line)?.groups, stack, ...(region === undefined ? {} : { region }) };
  const text = Object.entries(values).reduce(
    (filled, [name, value]) => filled.replaceAll(`<${name}>`, value),
    `${why}\n${fix}`,
  );
  return text.replaceAll(" --region <region>", "");
}
