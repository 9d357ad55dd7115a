/** `rollout configure pull`: the settings that an environment was last deployed with, into this checkout. */
import {
  environmentFile,
  readEnvironmentFile,
  writeEnvironmentFile,
  type EnvironmentFacts,
} from "@proliferate-infra/backend/environment/environment-file";
import { pullCommand, pushCommand } from "@proliferate-infra/backend/environment/missing-settings";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { parseStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { stackFilePath } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { layerNames } from "@proliferate-infra/shared/layers";
import writeFileAtomic from "write-file-atomic";
import { fileFacts, stateDirectory } from "../../bootstrap/file-backend.ts";
import { actorText } from "../../model/run-facts.ts";
import { withSettingsLock } from "../../settings/settings-lock.ts";
import { differingKeys, SettingsSharing, type SharedSettings } from "../../settings/shared-settings.ts";
import { say } from "../../terminal/say.ts";

export interface PullOptions {
  readonly stack: string;
  /** Folder of the state, for an environment that this checkout does not know and whose state is not in AWS. */
  readonly file?: string;
  /** AWS region of the state, for an environment that this checkout does not know. */
  readonly region?: string;
  /** Replace settings that were changed here. */
  readonly force?: boolean;
}

/** Writes the shared settings into this checkout. Returns the exit code. */
export async function pull(options: PullOptions): Promise<number> {
  const { stack } = options;
  const written = readEnvironmentFile(repositoryRoot, stack);
  const facts = written ?? (await expectedFacts(options));
  await withObjectStore(parseStateUrl(facts.stateUrl), async (store) => {
    const sharing = new SettingsSharing(repositoryRoot, stack, store);
    const shared = await sharing.shared();
    if (shared === undefined) {
      throw new UserError(
        [
          `No settings of ${stack} are published beside its state ${facts.stateUrl}. Publish them from the checkout that ${stack} was deployed from:`,
          `  ${pushCommand(stack)}`,
          ...(written === undefined && options.file === undefined
            ? ["If its state is in a folder:", `  ${pullCommand(stack, "FOLDER")}`]
            : []),
        ].join("\n"),
      );
    }
    await withSettingsLock(repositoryRoot, stack, say, () => {
      replaceSettings(sharing, shared, options);
      if (written === undefined) {
        writeEnvironmentFile(repositoryRoot, stack, { ...facts, region: facts.region ?? shared.facts?.region });
        say(`  ${environmentFile(repositoryRoot, stack)}`);
      }
      return Promise.resolve();
    });
  });
  return ExitCode.done;
}

function replaceSettings(sharing: SettingsSharing, shared: SharedSettings, { stack, force }: PullOptions): void {
  const relation = sharing.relation(shared);
  const own = sharing.own();
  if ((relation === "ahead" || relation === "diverged") && force !== true) {
    const keys = differingKeys(stack, own, shared.texts);
    throw new UserError(
      [
        `Nothing was changed: settings of ${stack} in this checkout were changed and never published: ${keys.join(", ")}.`,
        `  ${pullCommand(stack)} --force     replaces them`,
        `  ${pushCommand(stack)}             publishes them`,
      ].join("\n"),
    );
  }
  say(`Settings of ${stack} as ${actorText(shared.by)} published them at ${shared.publishedAt}:`);
  for (const layer of layerNames) {
    const text = shared.texts[layer];
    if (text !== undefined && own[layer] !== text) {
      const path = stackFilePath(repositoryRoot, layer, stack);
      writeFileAtomic.sync(path, text);
      say(`  ${path}`);
    }
  }
  sharing.saveBase(shared.texts);
}

/** Facts of an environment that this checkout does not know: those that set-up gives to one of that name. */
async function expectedFacts({ stack, file, region }: PullOptions): Promise<EnvironmentFacts> {
  if (file !== undefined) {
    return fileFacts(stateDirectory(file, repositoryRoot), stack, region);
  }
  const { requireCredentials } = await import("../../aws/credentials.ts");
  const { findRegion } = await import("../../aws/session.ts");
  const { awsFacts } = await import("../../bootstrap/aws-backend.ts");
  const found = await findRegion(region, undefined, process.env);
  const { account } = await requireCredentials(found);
  return awsFacts(environmentNames(account, found, stack));
}
