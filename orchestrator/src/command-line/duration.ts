/** Durations on the command line. Pure. */
import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a text such as `90s`, `10m` or `1h`; 0 for `0`.
 *
 * @throws InvalidArgumentError when it has another form.
 */
export function parseDuration(text: string): number {
  const [, number = "", unit = ""] = /^(\d+)([smh])$/.exec(text) ?? [];
  const factor = text === "0" ? 0 : UNITS[unit];
  if (factor === undefined) {
    throw new InvalidArgumentError("It must be a number with a unit, such as 90s, 10m or 1h, or 0.");
  }
  return Number(number) * factor;
}
