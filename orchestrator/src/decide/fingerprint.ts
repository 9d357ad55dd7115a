/** The present fingerprint of a layer, from the checkout and the layers' states. */
import { readFile } from "node:fs/promises";
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { stackFilePath } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { digest } from "@proliferate-infra/backend/digest";
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
    settings: digest(await readFile(stackFilePath(root, layer, stack), "utf8")),
    tools: digest(cliVersion),
    state: digest(states.get(layer)?.version),
    inputs: await consumedInputs(hasher, layer, states),
  };
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
