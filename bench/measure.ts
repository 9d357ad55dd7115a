/**
 * Runs different ways of the same work in turns and compares them in each round, because machines are shared and noisy.
 */

/** Unit of a measured value. */
export type Unit = "s" | "MiB" | "files" | "resources";

/** A measured value with its unit. */
export interface Figure {
  readonly value: number;
  readonly unit: Unit;
}

/** Results of one run of a subject, by measurement, such as `first rollout`. */
export type Figures = Readonly<Record<string, Figure>>;

/** One way of doing the work. Several subjects can have the same way if each has different measurements. */
export interface Subject {
  /** Name of the way, such as `one project`. */
  readonly way: string;
  readonly run: () => Promise<Figures>;
}

/** Values of one measurement of one way, one for each round. */
export interface Series {
  readonly what: string;
  readonly way: string;
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** The way that others are compared to, and the targets. */
export interface Comparison {
  /** For each measurement, the way that is the baseline. Other measurements are not compared. */
  readonly against: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
}

/** Maximum of a measurement: a ratio if it is compared, otherwise a value. */
interface Target {
  readonly what: string;
  readonly way: string;
  readonly atMost: number;
  readonly of: "ratio" | "value";
}

/** Median, minimum and maximum. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A series with its statistics. */
export interface Measured extends Series {
  readonly value: Spread;
  readonly against: string | undefined;
  /** Statistics of the ratios to the baseline's value in the same round. */
  readonly ratio: Spread | undefined;
  readonly target: Target | undefined;
  readonly isMet: boolean | undefined;
}

/** Runs `work` and returns its duration. */
export async function timed(what: string, work: () => Promise<unknown>): Promise<Figures> {
  const begin = performance.now();
  await work();
  return { [what]: seconds(performance.now() - begin) };
}

/** Returns a duration in milliseconds as a measured value. */
export function seconds(milliseconds: number): Figure {
  return { value: milliseconds / 1000, unit: "s" };
}

/**
 * Runs all subjects `rounds` times. Every second round runs in reverse order, so that the order does not affect
 * results.
 */
export async function measure(
  subjects: readonly Subject[],
  rounds: number,
  say: (line: string) => void,
): Promise<readonly Series[]> {
  const series = new Map<string, { what: string; way: string; unit: Unit; values: number[] }>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { way, run } of round % 2 === 0 ? subjects : subjects.toReversed()) {
      for (const [what, { value, unit }] of Object.entries(await run())) {
        const key = `${what}\0${way}`;
        const known = series.get(key) ?? { what, way, unit, values: [] };
        known.values.push(value);
        series.set(key, known);
        say(`round ${round + 1} of ${rounds}: ${what}, ${way}: ${shown(value, unit)}`);
      }
    }
  }
  return [...series.values()];
}

/** Compares series of the same measurement. Pure. */
export function compare(all: readonly Series[], { against, targets }: Comparison): readonly Measured[] {
  return all.map((series) => {
    const { what, way, values } = series;
    const other = all.find((each) => each.what === what && each.way === against[what]);
    const isCompared = other !== undefined && other.way !== way;
    const ratio = isCompared
      ? spread(values.map((value, round) => value / (other.values[round] ?? Number.NaN)))
      : undefined;
    const target = targets.find((each) => each.what === what && each.way === way);
    const value = spread(values);
    const judged = target?.of === "ratio" ? ratio : value;
    const isMet = target === undefined || judged === undefined ? undefined : judged.median <= target.atMost;
    return { ...series, value, against: isCompared ? other.way : undefined, ratio, target, isMet };
  });
}

/** Returns median (for an even count the mean of the two middle values), minimum and maximum. Pure. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return { median: (low + high) / 2, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** Returns a value with its unit, such as `1.25 s`. */
export function shown(value: number, unit: Unit): string {
  return `${value.toFixed(unit === "s" ? 2 : 0)} ${unit}`;
}
