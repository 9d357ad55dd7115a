/** What the deployed services layer of an environment exports. */
import type { Environment } from "../environment/environment.ts";
import { InvalidRequest } from "../layer-results.ts";
import { openObjectStore } from "../object-store/object-store.ts";
import { publicValues } from "../state/layer-state.ts";
import { readState } from "../state/read-states.ts";

/**
 * Public outputs of services.
 *
 * @throws InvalidRequest when it was never deployed: then there is no repository that an image can be in.
 */
export async function deployedOutputs({ stack, state }: Environment): Promise<Readonly<Record<string, unknown>>> {
  const store = await openObjectStore(state);
  try {
    const outputs = publicValues(await readState(store, stack, "services"));
    if (Object.keys(outputs).length === 0) {
      throw new InvalidRequest(`services is not deployed in ${stack} yet: scripts/deploy-all.sh --stack ${stack}`);
    }
    return outputs;
  } finally {
    store.close();
  }
}
