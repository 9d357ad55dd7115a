/** Reads and changes the settings of an environment. A change is made in all layers or in none. */
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { REGION_KEY, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { messageOf, UserError } from "@proliferate-infra/backend/errors";
import { decryptValue, encryptValue, openDataKey } from "@proliferate-infra/backend/pulumi-files/secrets";
import { withEncrypted, withWrites } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import {
  readStackFiles,
  stackFileName,
  stackFilePath,
  type StackFile,
} from "@proliferate-infra/backend/pulumi-files/stack-file";
import { transactionFolder } from "@proliferate-infra/backend/environment/change-folder";
import { describeFaults } from "./fault-text.ts";
import { beginTransaction, finishTransaction } from "./file-transaction.ts";
import { withSettingsLock } from "./settings-lock.ts";
import { planChanges, type ChangePlan, type RequestedChanges } from "./plan-changes.ts";

/** Encrypted values by the full key of a layer's setting, such as `proliferate-data:dbPassword`. */
export type EncryptedValues = Readonly<Record<string, string>>;

/** The settings of one environment. */
export interface EnvironmentConfiguration {
  /**
   * The layers' configurations; secrets without a text. Finishes an interrupted change first.
   *
   * @throws UserError when a layer has no file.
   */
  read(): Promise<readonly LayerConfiguration[]>;
  /**
   * Makes the changes that `request` returns for the current configurations, in all layers or in none. `review` can throw
   * to stop them.
   *
   * @throws UserError when the changes are not valid, or secrets cannot be encrypted. Nothing is changed then.
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
  /** Has the AWS credentials or the passphrase's variables, for the key of the secrets. */
  readonly env: NodeJS.ProcessEnv;
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
  const openKey = keysOf(environment, env);
  const transaction = transactionFolder(root, stack);
  const exclusively = <T>(work: () => Promise<T>) => withSettingsLock(root, stack, say, work);
  const replace = (drafts: readonly Draft[]) => {
    const changes = drafts.map(({ file, after }) => {
      return { path: stackFilePath(root, file.layer, stack), before: file.text, after };
    });
    try {
      beginTransaction(transaction, changes);
    } finally {
      finishTransaction(transaction);
    }
  };
  const recoverAndRead = () => {
    const recovery = finishTransaction(transaction);
    if (recovery !== "nothing to do") {
      say(`An earlier command was killed while it wrote the settings; its change was ${recovery}.`);
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
        const configurations = await Promise.all(files.map((file) => withTexts(file, changes, openKey)));
        const plan = planChanges(configurations, changes);
        if (plan.refused.length > 0) {
          throw new UserError(`Nothing was changed:\n${describeFaults(plan.refused, stack)}`);
        }
        if (plan.writes.length === 0) {
          return plan;
        }
        await review?.(plan);
        replace(await draft(files, plan, openKey));
        return plan;
      }),
    encrypted: (keys) =>
      exclusively(() =>
        Promise.resolve(Object.fromEntries(recoverAndRead().flatMap((file) => encryptedIn(file, keys)))),
      ),
    restore: (values) =>
      exclusively(() => {
        const files = recoverAndRead();
        replace(files.map((file) => ({ file, after: withEncrypted(file, values) })));
        return Promise.resolve();
      }),
  };
}

/** The state and the lock are in the region that the environment was set up in. */
function checkRegion({ stack, facts }: Environment, changes: RequestedChanges): void {
  const region = changes.get(REGION_KEY);
  if (facts?.region !== undefined && region !== undefined && region !== facts.region) {
    throw new UserError(
      `Nothing was changed: ${REGION_KEY} cannot become ${region}, since ${stack} was set up in ${facts.region}. Set another stack up there:\n  scripts/setup-pulumi.sh --stack <name> --region ${region}`,
    );
  }
}

/** The data key of a layer's file. Throws UserError when it cannot be opened. */
type OpenKey = (file: StackFile) => Promise<Buffer>;

function keysOf({ stack, pulumiVariables }: Environment, env: NodeJS.ProcessEnv): OpenKey {
  return async ({ layer, secretsProvider }) => {
    if (secretsProvider === undefined) {
      throw new UserError(
        `Nothing was changed: ${stackFileName(layer, stack)} has no key for secrets. This gives it one:\n  scripts/setup-pulumi.sh --stack ${stack}`,
      );
    }
    try {
      return await openDataKey(secretsProvider, { ...env, ...pulumiVariables });
    } catch (error) {
      throw new UserError(
        `Nothing was changed: the key of the secrets of ${layer} cannot be used: ${messageOf(error)}\nThis finds out what is missing:\n  ./rollout doctor --stack ${stack}`,
      );
    }
  };
}

/** A layer's configuration, with those secrets decrypted that get a new value, so that both can be compared. */
async function withTexts(file: StackFile, changes: RequestedChanges, openKey: OpenKey): Promise<LayerConfiguration> {
  const { configuration } = file;
  const compared = [...changes].flatMap(([name, text]) => (text === undefined ? [] : [name]));
  const encrypted = encryptedIn(file, compared);
  if (encrypted.length === 0) {
    return configuration;
  }
  const dataKey = await openKey(file);
  const values = new Map(configuration.values);
  for (const [key, value] of encrypted) {
    values.set(key, { text: decryptValue(dataKey, value), secret: true });
  }
  return { ...configuration, values };
}

/** The encrypted values of these keys in the file; a key without one, or with a plain one, is left out. */
function encryptedIn({ layer, encrypted }: StackFile, keys: readonly string[]): readonly (readonly [string, string])[] {
  const names = new Set(keys.map((key) => fullKey(layer, key)));
  return [...encrypted].filter(([name]) => names.has(name));
}

/** A file with its new text. */
interface Draft {
  readonly file: StackFile;
  readonly after: string;
}

/** New texts of the files that the plan changes. */
function draft(files: readonly StackFile[], plan: ChangePlan, openKey: OpenKey): Promise<readonly Draft[]> {
  return Promise.all(
    plan.writes.map(async (writes) => {
      const file = files.find(({ layer }) => layer === writes.layer);
      if (file === undefined) {
        throw new Error(`There is no file of ${writes.layer}.`);
      }
      const dataKey = writes.secret.size > 0 ? await openKey(file) : undefined;
      const encrypted =
        dataKey === undefined
          ? []
          : [...writes.secret].map(([key, value]) => [key, encryptValue(dataKey, value)] as const);
      return { file, after: withWrites(file, { ...writes, encrypted: new Map(encrypted) }) };
    }),
  );
}
