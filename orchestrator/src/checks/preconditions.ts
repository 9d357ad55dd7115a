/** Checks what a run checks again under the lock: outputs of deployed layers, interrupted operations, and the lock itself. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { readPreconditions, type Preconditions } from "../safety/preconditions.ts";
import { holderText, obstacleOf } from "@proliferate-infra/backend/lock/record";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import type { Check, Probe } from "./check.ts";
import { asFault, notLooked, report, type CheckReport } from "./finding.ts";
import { stateObstacle } from "./state.ts";

export interface FoundPreconditions {
  readonly preconditions: Preconditions;
  /** Who holds the lock, as text; undefined when nobody does, or the lock cannot be read. */
  readonly holder: string | undefined;
}

const preconditionReports: Probe<PreconditionReports> = async (context) => {
  const { environment, layers } = context.subject;
  const configurations = context.files.files.map(({ configuration }) => configuration);
  const looking = findPreconditions(environment, layers, configurations).then(judgePreconditions, (error: unknown) => ({
    error,
  }));
  const [obstacle, reports] = await Promise.all([context.ask(stateObstacle), looking]);
  if (obstacle !== undefined) {
    return { contracts: notLooked("contracts", obstacle), operations: notLooked("operations", obstacle) };
  }
  return "error" in reports
    ? {
        contracts: notLooked("contracts", "see operations"),
        operations: report("operations", [asFault(reports.error, "The states")]),
      }
    : reports;
};

export const contractsCheck: Check = {
  name: "contracts",
  run: async (context) => (await context.ask(preconditionReports)).contracts,
};

export const operationsCheck: Check = {
  name: "operations",
  run: async (context) => (await context.ask(preconditionReports)).operations,
};

interface PreconditionReports {
  readonly contracts: CheckReport;
  readonly operations: CheckReport;
}

/** Reports of both checks. While a run works on the environment, its unfinished operations are no fault. Pure. */
export function judgePreconditions({ preconditions, holder }: FoundPreconditions): PreconditionReports {
  const { contracts, states, risks, cutOff, deprecated } = preconditions;
  const held = {
    message: `${holder} works on the environment; the state of its layers is only known when that run has ended.`,
    fix: "Wait for it, then run ./rollout doctor again.",
  };
  return {
    contracts: report("contracts", contracts, deprecated),
    operations:
      holder === undefined ? report("operations", [...states, ...risks], cutOff) : report("operations", [], [held]),
  };
}

/** Reads states, histories, the ledger and the lock. */
async function findPreconditions(
  environment: Environment,
  order: readonly LayerName[],
  configurations: readonly LayerConfiguration[],
): Promise<FoundPreconditions> {
  const { state, stack } = environment;
  const [preconditions, holder] = await Promise.all([
    withObjectStore(state, (store) => readPreconditions(store, stack, order, configurations)),
    readHolder(environment),
  ]);
  return { preconditions, holder };
}

async function readHolder({ state, stack }: Environment): Promise<string | undefined> {
  // A lock table that cannot be read is a finding of the state check.
  const record = await withLockStore(state, stack, (store) => store.read()).catch(() => undefined);
  const obstacle = obstacleOf(record, Date.now());
  return obstacle.kind === "held" ? holderText(obstacle.holder) : undefined;
}
