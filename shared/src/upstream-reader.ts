/**
 * The only way an upstream layer's outputs enter a layer. Every value is checked before any resource is registered,
 * because the engine lets bad ones through: a secret that cannot be decrypted becomes `{}`, a missing output undefined.
 */
import * as pulumi from "@pulumi/pulumi";
import { contracts, type ContractOf } from "./contracts/all-contracts.ts";
import { checkOutputs, type RawOutput } from "./contracts/check-outputs.ts";
import type { UpstreamOutputs } from "./contracts/contract.ts";
import type { ArnScope } from "./contracts/value-shapes.ts";
import { layerByName, type LayerName } from "./layers.ts";

/**
 * Outputs of `upstream` in the running program's environment, through a StackReference.
 *
 * @throws pulumi.RunError that lists every output that is missing, unreadable or not as the contract says.
 */
export async function readUpstream<Name extends LayerName>(
  upstream: Name,
  scope: ArnScope,
): Promise<UpstreamOutputs<ContractOf<Name>>> {
  const stack = `${pulumi.getOrganization()}/${layerByName(upstream).project}/${pulumi.getStack()}`;
  const reference = new pulumi.StackReference(upstream, { name: stack });
  const keys = Object.keys(contracts[upstream].schema(scope).shape);
  const raw = await Promise.all(keys.map(async (key) => [key, await readOutput(reference, key)] as const));
  const { outputs, faults } = checkOutputs(contracts[upstream], scope, Object.fromEntries(raw));
  if (faults.length > 0) {
    const { directory } = layerByName(upstream);
    throw new pulumi.RunError(
      [
        `${faults.length} output(s) of the layer ${upstream} (${stack}) cannot be used; nothing was changed:`,
        ...faults.map(({ key, message }) => `  ${key} ${message}`),
        `Deploy ${upstream} first: scripts/deploy-all.sh --stack ${pulumi.getStack()} --only ${upstream}, or pulumi up in ${directory}.`,
      ].join("\n"),
    );
  }
  const wrapped = Object.entries(outputs).map(([key, { value, secret }]) => [
    key,
    secret ? pulumi.secret(value) : pulumi.output(value),
  ]);
  // checkOutputs has compared every value with the contract that this type is made from.
  return Object.fromEntries(wrapped) as UpstreamOutputs<ContractOf<Name>>;
}

/** getOutputDetails gives the plain value; it is marked secret again before anything else sees it. */
async function readOutput(reference: pulumi.StackReference, key: string): Promise<RawOutput> {
  const details = await reference.getOutputDetails(key);
  const secretValue: unknown = details.secretValue;
  return secretValue === undefined ? { value: details.value, secret: false } : { value: secretValue, secret: true };
}
