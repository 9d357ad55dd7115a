/** Weekly time ranges, in which AWS does maintenance. */
import type { ValueKind } from "./value-kinds.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const END = String.raw`(${DAYS.join("|")}):([01]\d|2[0-3]):([0-5]\d)`;
const PATTERN = new RegExp(`^${END}-${END}$`);

/** A weekly range in UTC such as `sun:03:00-sun:04:00`, of at least `minutes` and at most 24 hours. */
export function weeklyWindow(minutes: number): ValueKind<string> {
  return {
    allowed: `a weekly range in UTC of ${minutes} minutes to 24 hours, such as sun:03:00-sun:04:00`,
    parse: (value) => {
      const length = minutesOf(value);
      return length !== undefined && length >= minutes && length <= DAY ? value : undefined;
    },
  };
}

/** Length of the range; undefined when the text is none. */
function minutesOf(value: string): number | undefined {
  const [, ...parts] = PATTERN.exec(value) ?? [];
  if (parts.length === 0) {
    return undefined;
  }
  const minuteOfWeek = ([day = "", hour = "", minute = ""]: readonly string[]) =>
    DAYS.findIndex((name) => name === day) * DAY + Number(hour) * HOUR + Number(minute);
  return (minuteOfWeek(parts.slice(3)) - minuteOfWeek(parts.slice(0, 3)) + WEEK) % WEEK;
}
