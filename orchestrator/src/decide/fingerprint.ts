/** The present fingerprint of a layer, from the checkout and the layers' states. */
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { readStackFiles, type StackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { digest } from "@proliferate-infra/backend/digest";
import { keysOf } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { validSettings } from "@proliferate-infra/shared/settings/read-settings";
import { textOf } from "@proliferate-infra/shared/settings/setting";
import { parse } from "yaml";
import type { Fingerprint } from "../model/fingerprint.ts";
import { programDigest } from "./program-files.ts";

/** The inputs that the fingerprints of one run share. */
export interface FingerprintContext {
  /** Root of the repository. */
  readonly root: string;
  readonly stack: string;
  /** Version of the Pulumi CLI. */
  readonly cliVersion: string;
  readonly hasher: OutputHasher;
}

/** The fingerprint of `layer`; `states` has its own state and those of its upstreams. */
export async function currentFingerprint(
  { root, stack, cliVersion, hasher }: FingerprintContext,
  layer: LayerName,
  states: LayerStates,
): Promise<Fingerprint> {
  return {
    code: await programDigest(root, layer),
    settings: readStackFiles(root, stack, [layer]).map(settingsDigest).join(),
    tools: digest(cliVersion),
    state: digest(states.get(layer)?.version),
    inputs: await consumedInputs(hasher, layer, states),
  };
}

/**
 * Hash of what a settings file means: comments and order do not count, and a value that is not set equals its default. Secrets and
 * invalid values are hashed as they are in the file.
 */
export function settingsDigest({ layer, text, configuration }: StackFile): string {
  // Whoever made the StackFile has checked the form.
  const { config, ...others } = (parse(text) ?? {}) as { readonly config?: Readonly<Record<string, unknown>> | null };
  const valid = validSettings(configuration);
  const effective = keysOf(layer).flatMap((key) => {
    const name = fullKey(layer, key);
    const isSecret = configuration.values.get(name)?.secret === true;
    return isSecret || valid[key] === undefined ? [] : [[name, textOf(valid[key])] as const];
  });
  const all = new Map([...Object.entries(config ?? {}), ...effective]);
  return digest([others, [...all.keys()].sort().map((name) => [name, all.get(name)])]);
}

async function consumedInputs(
  hasher: OutputHasher,
  layer: LayerName,
  states: LayerStates,
): Promise<Record<string, string>> {
  const inputs = layerByName(layer).upstreams.map(async (upstream) => {
    const state = states.get(upstream);
    const hashes = state === undefined ? {} : await hasher.hashes(state);
    return consumedKeys(layer, upstream).map((key) => [`${upstream}.${key}`, hashes[key] ?? "missing"] as const);
  });
  return Object.fromEntries((await Promise.all(inputs)).flat());
}
