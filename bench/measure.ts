/** Times subjects in turns and compares their medians: ratios within one run, because machines are shared and noisy. */
import { textTable } from "@proliferate-infra/rollout/text-table";

/** One thing that is timed. */
export interface Subject {
  readonly name: string;
  /** Runs once. Answers how long it took, in milliseconds, where that is not the whole call. */
  readonly run: () => Promise<unknown>;
  /** Name of the subject that it is divided by. */
  readonly against?: string;
}

/** What was measured of a subject. */
export interface Measured {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly against: string | undefined;
  /** Median by the median of `against`. */
  readonly ratio: number | undefined;
  /** Milliseconds of each round. */
  readonly times: readonly number[];
}

/** A duration that a subject has taken itself, in milliseconds. */
export class Taken {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** Runs all subjects `rounds` times, every other round backwards, so that none always follows the same one. */
export async function measure(
  subjects: readonly Subject[],
  rounds: number,
  say: (line: string) => void,
): Promise<readonly Measured[]> {
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const begin = performance.now();
      const answer = await run();
      const ms = answer instanceof Taken ? answer.ms : performance.now() - begin;
      times.get(name)?.push(ms);
      say(`round ${round + 1} of ${rounds}: ${name}: ${(ms / 1000).toFixed(2)} s`);
    }
  }
  const medians = new Map([...times].map(([name, each]) => [name, median(each)]));
  return subjects.map(({ name, against }) => {
    const own = medians.get(name) ?? 0;
    const other = against === undefined ? undefined : medians.get(against);
    const ratio = other === undefined ? undefined : own / other;
    return { name, median: own, against, ratio, times: times.get(name) ?? [] };
  });
}

/** The middle of some numbers; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The results as a table. */
export function measuredTable(results: readonly Measured[]): string {
  const rows = results.map(({ name, median: ms, against, ratio }) => [
    name,
    `${(ms / 1000).toFixed(2)} s`,
    ratio === undefined ? "" : `${ratio.toFixed(2)} x ${against}`,
  ]);
  return textTable(["what", "median", "ratio"], rows);
}
