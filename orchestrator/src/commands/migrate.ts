/** `rollout migrate`: runs the deployed migration task under the environment's lock. */
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, messageOf, UserError } from "@proliferate-infra/backend/errors";
import { preflight } from "../checks/preflight.ts";
import { gatherRunFacts } from "../model/run-facts.ts";
import { withEnvironmentLock } from "../run/environment-lock.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { consent } from "../terminal/consent.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import { withSignals } from "../terminal/signals.ts";
import { publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { migrationRequest } from "@proliferate-infra/backend/program/migration-request";

const SIGNAL_MESSAGES = {
  first: "Interrupted: the wait for the migration ends.",
  second: "Interrupted again: the wait is ending.",
};

/** Asks for consent, migrates, prints the last lines of the log. Returns the exit code. */
export async function migrate(options: CommonOptions): Promise<number> {
  const { stack } = options;
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  await preflight("migrate", { root: repositoryRoot, environment, layers: ["services"], env: process.env }, say);
  return withObjectStore(environment.state, async (store) => {
    await deployedRequest(environment, store);
    if (!(await consent("migrate", `Migrate the database of ${stack}?`, options.yes))) {
      return ExitCode.done;
    }
    const facts = await gatherRunFacts(repositoryRoot, process.env);
    return withSignals(
      (interruption) =>
        withEnvironmentLock({ environment, store, facts, command: "migrate", options, interruption }, () =>
          runTask(environment, store, interruption.requested),
        ),
      SIGNAL_MESSAGES,
    );
  });
}

async function deployedRequest({ stack }: Environment, store: ObjectStore) {
  const states = await readStates(store, stack, ["network", "services"]);
  const outputs = [...states.values()].map((state) => publicValues(state));
  return migrationRequest(Object.assign({}, ...outputs) as Readonly<Record<string, unknown>>, stack);
}

async function runTask(environment: Environment, store: ObjectStore, signal: AbortSignal): Promise<number> {
  // Under the lock nobody else changes what is deployed.
  const request = await deployedRequest(environment, store);
  const { migrateOnAws } = await import("@proliferate-infra/backend/program/run-migration");
  try {
    const outcome = await migrateOnAws(request, { report: say, signal });
    if (outcome.failure !== undefined) {
      say(outcome.failure);
      return ExitCode.layerFailed;
    }
    say(["The migration is done. Its last lines:", ...outcome.lines.map((line) => `  ${line}`)].join("\n"));
    return ExitCode.done;
  } catch (error) {
    if (!signal.aborted) {
      throw new UserError(`The migration could not be run: ${messageOf(error)}`);
    }
    say(`No longer waiting for the migration. If its task has started, it goes on. To see it in ECS:
  aws ecs list-tasks --cluster ${request.cluster} --region ${request.region}`);
    return ExitCode.interrupted;
  }
}
