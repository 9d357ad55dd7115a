/** Measures commands that read the ledger and take the lock, with few and with many previous runs. */
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { Ledger } from "@proliferate-infra/orchestrator/history/ledger";
import { openObjectStore } from "@proliferate-infra/backend/storage/open";
import { openLockStore } from "@proliferate-infra/backend/lock/open";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { withVariables } from "@proliferate-infra/testing/process-variables";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { must } from "./by-hand.ts";
import { compare, measure, timed, type Measured, type Subject } from "./measure.ts";

const MANY_RUNS = 1_000;
const [FEW, MANY] = ["few runs", `${MANY_RUNS} runs`];
const COMMANDS = { status: ["status"], history: ["history"], "up, nothing to do": ["up", "--yes"] } as const;

/** Measures two environments in turns. One has many previous runs. */
export async function measureHistory(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const few = await EngineEnvironment.start("dev-few", smallEnvironment);
  const many = await EngineEnvironment.start("dev-many", smallEnvironment);
  try {
    await Promise.all([few, many].map((environment) => must(environment.rollout("up", "--yes"))));
    await keepPast(many, MANY_RUNS);
    const subjects = Object.entries(COMMANDS).flatMap(([what, [command, ...args]]) =>
      [
        { way: FEW, environment: few },
        { way: MANY, environment: many },
      ].map(({ way, environment }): Subject => ({
        way,
        run: () => timed(what, () => must(environment.rollout(command, ...args))),
      })),
    );
    const against = Object.fromEntries(Object.keys(COMMANDS).map((what) => [what, FEW]));
    return compare(await measure(subjects, rounds, say), { against, targets: [] });
  } finally {
    await Promise.all([few.dispose(), many.dispose()]);
  }
}

/** Adds runs to the ledger and the same number of past holders to the lock, whose number and revision increase. */
async function keepPast({ stack, env }: EngineEnvironment, count: number): Promise<void> {
  const restore = withVariables(env);
  const store = await openObjectStore(localEnvironment.state);
  const lock = await openLockStore(localEnvironment.state, stack);
  try {
    const ledger = new Ledger(store, stack);
    let record = await lock.read();
    for (let index = 0; index < count; index += 1) {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
      await ledger.saveRun({
        ...{ schemaVersion: 1, fencing: index, runId: `run-${index}`, command: "up", commit: null, startedAt },
        ...{ by: { user: "bench", host: "bench", ciUrl: null }, order: [], layers: [] },
      });
      if (record !== undefined) {
        record = { ...record, revision: record.revision + 1, fencing: record.fencing + 1, holder: null };
        await lock.write(record);
      }
    }
  } finally {
    lock.close();
    store.close();
    restore();
  }
}
