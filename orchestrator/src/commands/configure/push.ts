/** `rollout configure push`: publishes the settings of this checkout without a deployment. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { pullCommand } from "@proliferate-infra/backend/environment/missing-settings";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { readStackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { gatherRunFacts } from "../../model/run-facts.ts";
import { differingKeys, SettingsSharing, staleText } from "../../settings/shared-settings.ts";
import { consent } from "../../terminal/consent.ts";
import { say } from "../../terminal/say.ts";

export interface PushOptions {
  readonly stack: string;
  /** Do not ask. */
  readonly yes?: boolean;
}

/** Shows what differs, asks, publishes. Returns the exit code. */
export async function push({ stack, yes }: PushOptions): Promise<number> {
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  readStackFiles(repositoryRoot, stack);
  const { by } = await gatherRunFacts(repositoryRoot, process.env);
  return withObjectStore(environment.state, async (store) => {
    const sharing = new SettingsSharing(repositoryRoot, stack, store);
    const shared = await sharing.shared();
    const relation = sharing.relation(shared);
    if (shared !== undefined && (relation === "behind" || relation === "diverged")) {
      say(staleText(stack, relation, shared, differingKeys(stack, sharing.own(), shared.texts)));
      if (!(await consent("configure push", "Publish the settings of this checkout in place of those?", yes))) {
        return ExitCode.done;
      }
    }
    await sharing.publish({ by, facts: environment.facts ?? null });
    say(`The settings of ${stack} in this checkout are published. Elsewhere: ${pullCommand(stack)}`);
    return ExitCode.done;
  });
}
