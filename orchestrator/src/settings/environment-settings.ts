/** The configuration of one environment: reading it, and changing it as a whole or not at all. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { REGION_KEY, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { withFileLock } from "@proliferate-infra/backend/file-lock";
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { UserError } from "@proliferate-infra/backend/errors";
import { changeFolder, transactionFolder } from "@proliferate-infra/backend/environment/change-folder";
import { describeFaults } from "./fault-text.ts";
import { beginTransaction, finishTransaction, type FileChange } from "./file-transaction.ts";
import { planChanges, type ChangePlan, type RequestedChanges } from "./plan-changes.ts";
import { pulumiSecrets, type PulumiSecrets } from "../pulumi/config.ts";
import {
  editStackFile,
  encryptedIn,
  readStackFiles,
  withEncrypted,
  type EncryptedValues,
  type StackFile,
} from "./stack-files.ts";

/** One environment of a repository. */
export interface EnvironmentConfiguration {
  /**
   * The layers' configurations; secrets without a text. Brings an interrupted change to its end first.
   *
   * @throws UserError when a layer has no file.
   */
  read(): Promise<readonly LayerConfiguration[]>;
  /**
   * Carries out the changes that `request` makes of the present configurations, in all layers or in none. `review` may
   * throw to stop them.
   *
   * @throws UserError when the changes make something wrong, or Pulumi cannot encrypt; nothing was changed then.
   */
  change(
    request: (configurations: readonly LayerConfiguration[]) => RequestedChanges,
    review?: (plan: ChangePlan) => Promise<void>,
  ): Promise<ChangePlan>;
  /** The encrypted values of these keys in all layers. Nothing is decrypted. */
  encrypted(keys: readonly SettingKey[]): Promise<EncryptedValues>;
  /** Puts encrypted values back in all layers or in none. Nothing is decrypted. */
  restore(values: EncryptedValues): Promise<void>;
}

/** What a configuration is opened with. */
export interface ConfigurationContext {
  /** Complete environment of `pulumi`. */
  readonly env: NodeJS.ProcessEnv;
  /** Gets lines for people. */
  readonly say: (line: string) => void;
}

/**
 * Opens the configuration of `stack` in the repository at `root`.
 *
 * @throws UserError when the environment is not set up.
 */
export function openConfiguration(
  root: string,
  stack: string,
  { env, say }: ConfigurationContext,
): EnvironmentConfiguration {
  const environment = findEnvironment(root, stack, env);
  const secrets = pulumiSecrets(root, environment, env);
  const folder = changeFolder(root, stack);
  const transaction = transactionFolder(root, stack);
  const exclusively = async <T>(work: () => Promise<T>) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return withFileLock(join(folder, "lock"), work, () => {
      say(`Waiting for another command that changes the settings of ${stack}.`);
    });
  };
  const replace = async (drafts: () => Promise<readonly FileChange[]>) => {
    mkdirSync(transaction, { mode: 0o700 });
    try {
      beginTransaction(transaction, await drafts());
    } finally {
      finishTransaction(transaction);
    }
  };
  const recoverAndRead = () => {
    const recovery = finishTransaction(transaction);
    if (recovery !== "nothing to do") {
      say(`An earlier command was killed while it wrote; its change was ${recovery}.`);
    }
    return readStackFiles(root, stack);
  };
  return {
    read: () => exclusively(() => Promise.resolve(recoverAndRead().map(({ configuration }) => configuration))),
    change: (request, review) =>
      exclusively(async () => {
        const files = recoverAndRead();
        const changes = request(files.map(({ configuration }) => configuration));
        checkRegion(environment, changes);
        const configurations = await Promise.all(files.map((file) => withTexts(file, changes, secrets)));
        const plan = planChanges(configurations, changes);
        if (plan.refused.length > 0) {
          throw new UserError(`Nothing was changed:\n${describeFaults(plan.refused, stack)}`);
        }
        if (plan.writes.length === 0) {
          return plan;
        }
        await review?.(plan);
        await replace(() => draft(files, plan, secrets, transaction));
        return plan;
      }),
    encrypted: (keys) =>
      exclusively(() =>
        Promise.resolve(
          Object.assign({}, ...recoverAndRead().map((file) => encryptedIn(file, keys))) as EncryptedValues,
        ),
      ),
    restore: (values) =>
      exclusively(async () => {
        const files = recoverAndRead();
        await replace(() =>
          Promise.resolve(
            files.map((file) => ({ path: file.path, before: file.text, after: withEncrypted(file, values) })),
          ),
        );
      }),
  };
}

/** State, lock and account are one region's; settings of another one would split the environment. */
function checkRegion({ stack, facts }: Environment, changes: RequestedChanges): void {
  const region = changes.get(REGION_KEY);
  if (facts?.region !== undefined && region !== undefined && region !== facts.region) {
    throw new UserError(
      `Nothing was changed: ${REGION_KEY} cannot become ${region}, since ${stack} was set up in ${facts.region}. Set another stack up there:\n  scripts/setup-pulumi.sh --stack <name> --region ${region}`,
    );
  }
}

/** A layer's configuration, secrets decrypted when one of them is to be compared with a new value. */
async function withTexts(
  file: StackFile,
  changes: RequestedChanges,
  secrets: PulumiSecrets,
): Promise<LayerConfiguration> {
  const { layer, path, configuration } = file;
  const isCompared = ([name, text]: [string, string | undefined]) =>
    text !== undefined && configuration.values.get(fullKey(layer, name))?.secret === true;
  if (![...changes].some(isCompared)) {
    return configuration;
  }
  const texts = await secrets.decrypt(layer, path);
  const values = [...configuration.values].map(([key, value]) => {
    return [key, value.secret ? { ...value, text: texts.get(key) } : value] as const;
  });
  return { ...configuration, values: new Map(values) };
}

/** New texts of the files that the plan changes; the layers' secrets are encrypted side by side. */
async function draft(files: readonly StackFile[], plan: ChangePlan, secrets: PulumiSecrets, folder: string) {
  const outcomes = await Promise.allSettled(
    plan.writes.map(async (writes) => {
      const file = files.find(({ layer }) => layer === writes.layer);
      if (file === undefined) {
        throw new Error(`There is no file of ${writes.layer}.`);
      }
      const { layer, path, text } = file;
      const copy = join(folder, `copy-${layer}.yaml`);
      const encrypted = writes.secret.size > 0 ? await secrets.encrypt(layer, copy, text, writes.secret) : text;
      return { path, before: text, after: editStackFile(text, writes, encrypted) };
    }),
  );
  // Not before all have ended: the folder with the copies is removed then.
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") {
      throw outcome.reason;
    }
    return outcome.value;
  });
}
