/** The stack `local` of every layer: made where it is missing, with settings and secrets where they are missing. */
import { join } from "node:path";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { LOCAL_STACK, localEnvironment, REGION } from "@proliferate-infra/backend/environment/local-names";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { withMissing, withoutEncrypted, withWrites } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import { encryptValue, openDataKey } from "@proliferate-infra/backend/pulumi-files/secrets";
import { readStackFileFor, writeStackFile, type StackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { s3ObjectStore } from "@proliferate-infra/backend/storage/s3";
import type { StateClients } from "../../aws/state-clients.ts";
import { completeStacks, planStacks } from "../../bootstrap/environment-stacks.ts";
import { runPulumi } from "../../pulumi/command.ts";
import { localSettings, missingSecrets } from "./settings.ts";

const { secretsProvider, state } = localEnvironment;

/** Where the stacks are and how to reach their backend. */
export interface StacksContext {
  /** Absolute path of the repository. */
  readonly checkout: string;
  /** Complete environment of `pulumi`. */
  readonly env: NodeJS.ProcessEnv;
  readonly clients: StateClients;
}

/** Makes missing stacks, adds missing settings. Returns the names of the layers whose stack was made. */
export async function setUpStacks({ checkout, env, clients }: StacksContext): Promise<readonly LayerName[]> {
  const facts = { stateUrl: formatStateUrl(state), secretsProvider, region: REGION };
  const place = { root: checkout, stack: LOCAL_STACK, store: s3ObjectStore(state, clients.s3) };
  const planned = await planStacks(place, facts);
  await completeStacks(
    place,
    planned,
    { ...facts, protectResources: undefined, organization: new Map() },
    (directory, args) => runPulumi(args, { cwd: join(checkout, directory), env }),
  );
  await Promise.all(layerNames.map((layer) => addSettings(layer, { checkout, env, clients })));
  return planned.flatMap(({ found }) => (found.isStored ? [] : [found.layer]));
}

async function addSettings(layer: LayerName, { checkout, env, clients }: StacksContext): Promise<void> {
  const found = fileOf(layer, checkout);
  writeStackFile(checkout, found, withMissing(found, { secretsProvider, plain: localSettings(layer) }));
  const file = fileOf(layer, checkout);
  const secrets = missingSecrets(file.configuration);
  if (secrets.size === 0) {
    return;
  }
  if (file.secretsProvider === undefined) {
    throw new Error(`The settings of ${layer} have no key for secrets.`);
  }
  const dataKey = await openDataKey(file.secretsProvider, env, clients.kms);
  const encrypted = new Map([...secrets].map(([key, value]) => [key, encryptValue(dataKey, value)]));
  writeStackFile(checkout, file, withWrites(file, { plain: new Map(), encrypted, removed: [] }));
}

function fileOf(layer: LayerName, checkout: string): StackFile {
  return readStackFileFor(checkout, layer, LOCAL_STACK, secretsProvider);
}

/** Removes what was encrypted with a key that is gone. Returns whether there was any. */
export function forgetSecrets(checkout: string): boolean {
  const files = layerNames.map((layer) => fileOf(layer, checkout));
  return files.map((file) => writeStackFile(checkout, file, withoutEncrypted(file))).includes(true);
}
