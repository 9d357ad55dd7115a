/** A layer's fingerprint as things stand now: from the checkout and from the layers' states. */
import { readFile } from "node:fs/promises";
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { stackFile } from "../stack-configurations.ts";
import { NO_STATE } from "../state/layer-state.ts";
import type { LayerStates } from "../state/read-states.ts";
import { digest, type Fingerprint } from "./fingerprint.ts";
import { programDigest } from "./program-files.ts";

/** What fingerprints of one run have in common. */
export interface FingerprintContext {
  /** Root of the repository. */
  readonly root: string;
  readonly stack: string;
  /** Version of the Pulumi CLI. */
  readonly cliVersion: string;
}

/** The fingerprint of `layer`; `states` has its own state and those of its upstreams. */
export async function currentFingerprint(
  { root, stack, cliVersion }: FingerprintContext,
  layer: LayerName,
  states: LayerStates,
): Promise<Fingerprint> {
  return {
    code: await programDigest(root, layer),
    settings: digest(await readFile(stackFile(root, layer, stack), "utf8")),
    tools: digest(cliVersion),
    state: digest(states.get(layer)?.version),
    inputs: consumedInputs(layer, states),
  };
}

function consumedInputs(layer: LayerName, states: LayerStates): Record<string, string> {
  const inputs = layerByName(layer).upstreams.flatMap((upstream) => {
    const { outputs } = states.get(upstream) ?? NO_STATE;
    return consumedKeys(upstream).map((key) => [`${upstream}.${key}`, digest(outputs[key]?.value)] as const);
  });
  return Object.fromEntries(inputs);
}

/** A layer reads the whole contract. The scope only narrows values, not names. */
function consumedKeys(upstream: LayerName): readonly string[] {
  return Object.keys(contracts[upstream].schema({ region: "" }).shape);
}
