/** Runs ways of doing the same thing in turns and compares them round by round, because machines are shared and noisy. */

/** What a figure counts. */
export type Unit = "s" | "MiB" | "files" | "resources";

/** One measured value. */
export interface Figure {
  readonly value: number;
  readonly unit: Unit;
}

/** What one run of a subject has given, by what was measured, such as `first rollout`. */
export type Figures = Readonly<Record<string, Figure>>;

/** One way to do something. Several subjects may belong to one way when each measures something else. */
export interface Subject {
  /** Such as `one project`. */
  readonly way: string;
  readonly run: () => Promise<Figures>;
}

/** What one way has given for one thing, round by round. */
export interface Series {
  readonly what: string;
  readonly way: string;
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** The way that others are compared to, and how large a ratio or a value may be. */
export interface Comparison {
  /** Way that the others are divided by, for each thing that was measured; the rest is not compared. */
  readonly against: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
}

/** What a figure should be at most: as a ratio where it is compared, else as a value. */
interface Target {
  readonly what: string;
  readonly way: string;
  readonly atMost: number;
  readonly of: "ratio" | "value";
}

/** The middle of some numbers, the smallest and the largest. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A series with what follows from it. */
export interface Measured extends Series {
  readonly value: Spread;
  readonly against: string | undefined;
  /** Of each round's value by that of `against` in the same round. */
  readonly ratio: Spread | undefined;
  readonly target: Target | undefined;
  readonly isMet: boolean | undefined;
}

/** How long `work` takes. */
export async function timed(what: string, work: () => Promise<unknown>): Promise<Figures> {
  const begin = performance.now();
  await work();
  return { [what]: seconds(performance.now() - begin) };
}

/** Milliseconds as a figure. */
export function seconds(milliseconds: number): Figure {
  return { value: milliseconds / 1000, unit: "s" };
}

/** Runs all subjects `rounds` times, every other round backwards, so that none always follows the same one. */
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

/** Compares series of the same thing. Pure. */
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

/** The middle (the mean of the two middle ones of an even number), the smallest and the largest. Pure. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return { median: (low + high) / 2, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** A value with its unit, such as `1.25 s`. */
export function shown(value: number, unit: Unit): string {
  return `${value.toFixed(unit === "s" ? 2 : 0)} ${unit}`;
}
