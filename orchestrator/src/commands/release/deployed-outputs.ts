/** Outputs of the deployed services layer of an environment. */
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { UserError } from "@proliferate-infra/backend/errors";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { readState } from "@proliferate-infra/backend/pulumi-files/read-states";

/**
 * Public outputs of services, from its state.
 *
 * @throws UserError when it was never deployed, and so has no repositories.
 */
export async function deployedOutputs({ stack, state }: Environment): Promise<Readonly<Record<string, unknown>>> {
  const outputs = publicValues(await withObjectStore(state, (store) => readState(store, stack, "services")));
  if (Object.keys(outputs).length === 0) {
    throw new UserError(`services is not deployed in ${stack} yet: scripts/deploy-all.sh --stack ${stack}`);
  }
  return outputs;
}
