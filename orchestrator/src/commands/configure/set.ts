/** `rollout configure set`: sets values from arguments, standard input and files; all of them or none. */
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../../terminal/say.ts";
import { descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import { describeChange } from "./texts.ts";
import { withCurrentNames } from "./former-names.ts";
import { readEnvFile, type EnvFile } from "./env-file.ts";
import { openConfiguration } from "../../settings/environment-settings.ts";
import { isKnownAsDeployed, refuseGenerating, refuseLosingData } from "../../settings/refuse-new-keys.ts";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { generateSecret, missingGenerated } from "../../settings/generated.ts";
import { withChanges } from "../../settings/plan-changes.ts";
import { readPairs, readSecretOptions, withoutFinalNewlines, type SecretSource } from "./requested-values.ts";
import { readGivenFile, readStandardInput } from "../../settings/given-file.ts";
import { overviewOf } from "../../settings/overview.ts";

export interface SetOptions {
  /** Stack name in all layers, such as `prod`. */
  readonly stack: string;
  /** Secrets as `key`, from standard input, or `key=@FILE`. */
  readonly secret?: readonly string[];
  /** Path of an answers file. */
  readonly fromEnvFile?: string;
  /** Generate missing secrets that no other service issues; an answers file implies it. */
  readonly generate?: boolean;
}

/** Arguments override the answers file. Returns the exit code. */
export async function set(pairs: readonly string[], options: SetOptions): Promise<number> {
  const { stack, secret = [], generate, fromEnvFile } = options;
  if (pairs.length + secret.length === 0 && fromEnvFile === undefined && generate !== true) {
    throw new UserError(
      `There is nothing to set: give key=value, --secret key, --from-env-file FILE or --generate. The keys: docs/configuration.md`,
    );
  }
  const current = withCurrentNames(pairs);
  const currentSecret = withCurrentNames(secret);
  const plain = readPairs(current.args, stack);
  const sources = readSecretOptions(currentSecret.args, stack);
  const answers = fromEnvFile === undefined ? undefined : readEnvFile(fromEnvFile, readGivenFile(fromEnvFile));
  const twice = sources.values.filter(({ key }) => plain.values.has(key)).map(({ key }) => `${key} is given twice`);
  const faults = [...plain.faults, ...sources.faults, ...twice, ...(answers?.faults ?? [])];
  if (faults.length > 0) {
    throw new UserError(`Nothing was changed:\n  ${faults.join("\n  ")}`);
  }
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const configuration = openConfiguration(repositoryRoot, stack, { env: process.env, say });
  const requested = new Map([...(answers?.values ?? []), ...plain.values, ...(await readSecrets(sources.values))]);
  let missing: readonly ConfigurationKey[] = [];
  let generated: readonly ConfigurationKey[] = [];
  const plan = await configuration.change(
    (configurations) => {
      if (generate !== true && answers === undefined) {
        return requested;
      }
      missing = missingGenerated(overviewOf(configurations));
      generated = missingGenerated(overviewOf(withChanges(configurations, requested)));
      return new Map([...requested, ...generated.map((key) => [key, generateSecret(key)] as const)]);
    },
    async (planned) => {
      await refuseGenerating(
        environment,
        generated.filter((key) => missing.includes(key)),
      );
      await refuseLosingData(environment, planned);
    },
  );
  [...current.notes, ...currentSecret.notes].forEach(say);
  say(describeChange(plan, { stack, generated, isDeployed: await isKnownAsDeployed(environment) }));
  if (answers !== undefined) {
    sayLeftOut(answers);
  }
  return ExitCode.done;
}

function sayLeftOut({ ignored, empty }: EnvFile): void {
  if (ignored.length > 0) {
    say(`Ignored, because they are no settings: ${ignored.join(", ")}`);
  }
  if (empty.length > 0) {
    say(`Not changed, because they have no value: ${empty.join(", ")}`);
  }
}

async function readSecrets(sources: readonly SecretSource[]): Promise<[ConfigurationKey, string][]> {
  const values: [ConfigurationKey, string][] = [];
  for (const { key, file } of sources) {
    const text = file === undefined ? await readSecret(key) : readGivenFile(file);
    values.push([key, withoutFinalNewlines(text)]);
  }
  return values;
}

/** Reads a secret from standard input; on a terminal, asks without echo. */
async function readSecret(key: ConfigurationKey): Promise<string> {
  if (!process.stdin.isTTY) {
    return readStandardInput();
  }
  if (descriptionOf(key).kind.multiline === true) {
    throw new UserError(`${key} has several lines; give it as a file: --secret ${key}=@FILE`);
  }
  const { askSecret } = await import("./wizard-prompts.ts");
  return askSecret(key);
}
