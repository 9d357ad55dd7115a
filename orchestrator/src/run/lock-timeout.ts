/** The value of `--lock-timeout`. Pure. */
import { UserError } from "@proliferate-infra/backend/errors";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a text such as `90s`, `10m` or `1h`; 0 for `0`.
 *
 * @throws UserError when it has another form.
 */
export function parseLockTimeout(text: string): number {
  const [, number = "", unit = ""] = /^(\d+)([smh])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (text === "0") {
    return 0;
  }
  if (factor === undefined) {
    throw new UserError(`--lock-timeout ${text} must be a number with a unit, such as 90s, 10m or 1h, or 0.`);
  }
  return Number(number) * factor;
}
