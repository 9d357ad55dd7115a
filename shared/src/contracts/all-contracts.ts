/** The four contracts, by layer. */
import type { LayerName } from "../layers.ts";
import type { ConsumedOutputs, Contract } from "./contract.ts";
import { dataContract } from "./data-outputs.ts";
import { networkContract } from "./network-outputs.ts";
import { secretsContract } from "./secrets-outputs.ts";
import { servicesContract } from "./services-outputs.ts";

/** Contract of each layer's outputs. */
export const contracts = {
  network: networkContract,
  data: dataContract,
  secrets: secretsContract,
  services: servicesContract,
} as const satisfies Record<LayerName, Contract>;

/** Contract type of a layer. */
export type ContractOf<Name extends LayerName> = (typeof contracts)[Name];

/** What `Reader` gets of `Producer`'s outputs. */
export type Consumed<Reader extends LayerName, Producer extends LayerName> = ConsumedOutputs<
  ContractOf<Producer>,
  Reader
>;

/** Outputs of other layers that a layer reads, by layer. */
export type Upstreams<Reader extends LayerName> = {
  readonly [
    Producer in LayerName as Reader extends keyof ContractOf<Producer>["consumers"] ? Producer : never
  ]: Consumed<Reader, Producer>;
};

/** Keys of `producer`'s outputs that `reader` gets; none when it reads nothing of it. */
export function consumedKeys(reader: LayerName, producer: LayerName): readonly string[] {
  const { consumers }: Contract = contracts[producer];
  return consumers[reader] ?? [];
}
