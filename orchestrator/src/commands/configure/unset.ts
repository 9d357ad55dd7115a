/** `rollout configure unset`: removes keys from all layers. */
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../../terminal/say.ts";
import { describeChange } from "./texts.ts";
import { isKnownAsDeployed, refuseLosingData } from "../../settings/refuse-new-keys.ts";
import { openConfiguration } from "../../settings/environment-settings.ts";
import { presentNames } from "../../settings/plan-changes.ts";
import { readNames } from "./requested-values.ts";

/** Removes keys, and names in the layers' files that are no keys. Returns the exit code. */
export async function unset(names: readonly string[], { stack }: { readonly stack: string }): Promise<number> {
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const plan = await openConfiguration(repositoryRoot, stack, { env: process.env, say }).change(
    (configurations) => {
      const { values, faults } = readNames(names, presentNames(configurations));
      if (faults.length > 0) {
        throw new UserError(`Nothing was changed:\n  ${faults.join("\n  ")}`);
      }
      return new Map(values.map((name) => [name, undefined]));
    },
    (plan) => refuseLosingData(environment, plan),
  );
  say(describeChange(plan, { stack, generated: [], isDeployed: await isKnownAsDeployed(environment) }));
  return ExitCode.done;
}
