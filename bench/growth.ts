/** Measures how time and memory grow with the number of environments that one machine processes at the same time. */
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { must } from "./by-hand.ts";
import { compare, measure, timed, type Figures, type Measured, type Subject } from "./measure.ts";
import { peakMemory, TOGETHER } from "./peak-memory.ts";

const COUNTS = [1, 2, 4, 8];
const wayOf = (count: number) => `${count} at once`;

/** Measures each number of parallel environments. */
export async function measureGrowth(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const subjects = COUNTS.map((count): Subject => ({ way: wayOf(count), run: () => together(count) }));
  const series = await measure(subjects, rounds, say);
  const against = Object.fromEntries(series.map(({ what }) => [what, wayOf(1)]));
  return compare(series, { against, targets: [] });
}

async function together(count: number): Promise<Figures> {
  const stacks = Array.from({ length: count }, (_, index) => `dev-grow${index + 1}`);
  const environments = await Promise.all(stacks.map((stack) => EngineEnvironment.start(stack, smallEnvironment)));
  const all = async (what: string, command: string, ...args: readonly string[]): Promise<Figures> => {
    let time: Figures = {};
    const memory = await peakMemory(async () => {
      time = await timed(what, () =>
        Promise.all(environments.map((environment) => must(environment.rollout(command, ...args)))),
      );
    });
    return { ...time, [`peak memory of ${what}`]: { value: memory[TOGETHER] ?? 0, unit: "MiB" } };
  };
  try {
    return { ...(await all("first rollout", "up", "--yes", "--pipelined")), ...(await all("drift", "drift")) };
  } finally {
    await Promise.all(environments.map((environment) => environment.dispose()));
  }
}
