/**
 * Comparisons without the key of the secrets. Pulumi decrypts all secrets of settings and state before it does anything, so it gets
 * copies with placeholders, in a temporary folder and with a passphrase that is thrown away.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { backendUrl } from "@proliferate-infra/backend/environment/state-url";
import {
  settingsWithPlaceholders,
  stateWithPlaceholders,
} from "@proliferate-infra/backend/pulumi-files/placeholder-secrets";
import { readState, stateKey, storedState } from "@proliferate-infra/backend/pulumi-files/read-states";
import { isRefusedByKms, newPassphraseKey, openDataKey } from "@proliferate-infra/backend/pulumi-files/secrets";
import { findStackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { parseState } from "@proliferate-infra/backend/pulumi-files/state";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { UNKNOWN_SECRETS_VARIABLE } from "@proliferate-infra/shared/program/unknown-secrets";

/** What the engine compares in place of the real settings and states. */
export interface PlaceholderSecrets {
  readonly pulumiVariables: Readonly<Record<string, string>>;
  readonly previewOptions: (layer: LayerName) => { readonly configFile: string };
  readonly refreshOptions: (layer: LayerName) => { readonly configFile: string; readonly exclude: string[] };
}

/** Whether AWS does not let these credentials decrypt the environment's secrets. */
export async function areSecretsRefused(root: string, { stack, pulumiVariables }: Environment): Promise<boolean> {
  const { files } = findStackFiles(root, stack, layerNames);
  const ofKms = files.filter(({ secretsProvider }) => secretsProvider?.type === "cloud");
  // The key of a layer with secret outputs is needed for their hashes too, and KMS is asked once for each key.
  const file = ofKms.find(({ layer }) => contracts[layer].secretKeys.length > 0) ?? ofKms[0];
  const provider = file?.secretsProvider;
  if (provider === undefined) {
    return false;
  }
  return openDataKey(provider, { ...process.env, ...pulumiVariables }).then(() => false, isRefusedByKms);
}

/** Makes the copies for `work`, and removes them afterwards. */
export async function withPlaceholderSecrets<T>(
  root: string,
  environment: Environment,
  work: (placeholders: PlaceholderSecrets) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rollout-placeholders-"));
  const copies = fileObjectStore(folder);
  try {
    return await work(
      await withObjectStore(environment.state, (store) => copyAll(root, environment.stack, store, copies, folder)),
    );
  } finally {
    copies.close();
    rmSync(folder, { recursive: true });
  }
}

async function copyAll(
  root: string,
  stack: string,
  store: ObjectStore,
  copies: ObjectStore,
  folder: string,
): Promise<PlaceholderSecrets> {
  const passphrase = randomBytes(32).toString("base64url");
  const key = await newPassphraseKey(passphrase);
  await copies.putIf(".pulumi/meta.yaml", "version: 1\n", undefined);
  const configFile = (layer: LayerName) => join(folder, `${layer}.yaml`);
  const secrets = await readState(store, stack, "secrets");
  for (const file of findStackFiles(root, stack, layerNames).files) {
    writeFileSync(configFile(file.layer), settingsWithPlaceholders(file, key, secrets));
  }
  const secretVersions = new Map<LayerName, string[]>();
  for (const layer of layerNames) {
    const stored = await storedState(store, stack, layer);
    if (stored !== undefined) {
      await copies.putIf(stateKey(stack, layer), stateWithPlaceholders(stored.text, key), undefined);
      const urns = parseState(stored.text, stored.version).resources.map(({ urn }) => urn);
      secretVersions.set(layer, urns.filter(isSecretVersion));
    }
  }
  return {
    pulumiVariables: {
      PULUMI_BACKEND_URL: backendUrl({ kind: "file", directory: folder }),
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      [UNKNOWN_SECRETS_VARIABLE]: "true",
    },
    previewOptions: (layer) => ({ configFile: configFile(layer) }),
    // A refresh of a secret's version reads its value.
    refreshOptions: (layer) => ({ configFile: configFile(layer), exclude: secretVersions.get(layer) ?? [] }),
  };
}

function isSecretVersion(urn: string): boolean {
  return urn.includes("aws:secretsmanager/secretVersion:SecretVersion::");
}
