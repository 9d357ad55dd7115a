/** How time and memory grow: several environments at once on one machine, and a ledger with many runs. */
import { EngineEnvironment } from "../test/support/engine-environment.ts";
import { smallEnvironment } from "../test/support/small-environment.ts";
import { withVariables } from "../test/support/process-variables.ts";
import { localEnvironment } from "@proliferate-infra/rollout/local/local-names";
import { Ledger } from "@proliferate-infra/rollout/ledger/ledger";
import { openObjectStore } from "@proliferate-infra/rollout/object-store/object-store";
import { must } from "./by-hand.ts";
import { measure, Taken, type Measured, type Subject } from "./measure.ts";
import { peakMemory } from "./peak-memory.ts";

const COUNTS = [1, 2, 4];
const MANY_RUNS = 1_000;

type Phase = "first rollout" | "drift";
const nameOf = (phase: Phase, count: number) => `${phase}, ${count} at once`;

/** Measures both; says peak memory as it goes. */
export async function measureGrowth(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const drifts = new Map<number, number[]>();
  const rollouts = COUNTS.map((count): Subject => ({
    name: nameOf("first rollout", count),
    run: async () => {
      const { rolloutMs, driftMs } = await together(count, say);
      drifts.set(count, [...(drifts.get(count) ?? []), driftMs]);
      return new Taken(rolloutMs);
    },
    ...(count === 1 ? {} : { against: nameOf("first rollout", 1) }),
  }));
  const first = await measure(rollouts, rounds, say);
  const drift = COUNTS.map((count): Subject => ({
    name: nameOf("drift", count),
    run: () => Promise.resolve(new Taken(drifts.get(count)?.shift() ?? 0)),
    ...(count === 1 ? {} : { against: nameOf("drift", 1) }),
  }));
  return [...first, ...(await measure(drift, rounds, say)), ...(await history(rounds, say))];
}

async function together(count: number, say: (line: string) => void) {
  const stacks = Array.from({ length: count }, (_, index) => `dev-grow${index + 1}`);
  const environments = await Promise.all(stacks.map((stack) => EngineEnvironment.start(stack, smallEnvironment)));
  const all = async (command: string, ...args: readonly string[]) => {
    const begin = performance.now();
    const { byName, together: mib } = await peakMemory(() =>
      Promise.all(environments.map((environment) => must(environment.rollout(command, ...args)))),
    );
    const largest = Object.entries(byName).map(([name, each]) => `${name} ${each}`);
    say(`${command}, ${count} at once: ${mib} MiB together; largest of each: ${largest.join(", ")} MiB`);
    return performance.now() - begin;
  };
  try {
    return { rolloutMs: await all("up", "--yes", "--pipelined"), driftMs: await all("drift") };
  } finally {
    await Promise.all(environments.map((environment) => environment.dispose()));
  }
}

/** What looks into the ledger, with few runs in it and with many. */
async function history(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const environment = await EngineEnvironment.start("dev-grow", smallEnvironment);
  const commands = ["status", "history"] as const;
  try {
    const subjects = (runs: string): Subject[] =>
      commands.map((command) => ({
        name: `${command}, ${runs}`,
        run: () => must(environment.rollout(command)),
        ...(runs === "no runs" ? {} : { against: `${command}, no runs` }),
      }));
    const few = await measure(subjects("no runs"), rounds, say);
    await keepRuns(environment, MANY_RUNS);
    const many = await measure(subjects(`${MANY_RUNS} runs`), rounds, say);
    return [
      ...few,
      ...many.map((each) => {
        const before = few.find(({ name }) => name === each.against);
        return { ...each, ratio: before === undefined ? undefined : each.median / before.median };
      }),
    ];
  } finally {
    await environment.dispose();
  }
}

async function keepRuns({ stack, env }: EngineEnvironment, count: number): Promise<void> {
  const restore = withVariables(env);
  const store = await openObjectStore(localEnvironment.state);
  try {
    const ledger = new Ledger(store, stack);
    for (let index = 0; index < count; index += 1) {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
      await ledger.keepRun({
        ...{ schemaVersion: 1, fencing: index, runId: `run-${index}`, command: "up", commit: null, startedAt },
        ...{ by: { user: "bench", host: "bench", ciUrl: null }, order: [], layers: [] },
      });
    }
  } finally {
    store.close();
    restore();
  }
}
