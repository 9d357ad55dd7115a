/** Maps each layer to the contract of its outputs. */
import type { LayerName } from "../layers.ts";
import type { ConsumedOutputs, Contract } from "./contract.ts";
import { dataContract } from "./data-outputs.ts";
import { networkContract } from "./network-outputs.ts";
import { secretsContract } from "./secrets-outputs.ts";
import { servicesContract } from "./services-outputs.ts";

export const contracts = {
  network: networkContract,
  data: dataContract,
  secrets: secretsContract,
  services: servicesContract,
} as const satisfies Record<LayerName, Contract>;

export type ContractOf<Name extends LayerName> = (typeof contracts)[Name];

/** The outputs of `Producer` that `Reader` gets. */
export type Consumed<Reader extends LayerName, Producer extends LayerName> = ConsumedOutputs<
  ContractOf<Producer>,
  Reader
>;

/** The outputs that a layer reads, by the layer that produces them. */
export type Upstreams<Reader extends LayerName> = {
  readonly [
    Producer in LayerName as Reader extends keyof ContractOf<Producer>["consumers"] ? Producer : never
  ]: Consumed<Reader, Producer>;
};

/** Returns the keys of `producer`'s outputs that `reader` gets; empty when it reads none. */
export function consumedKeys(reader: LayerName, producer: LayerName): readonly string[] {
  const { consumers }: Contract = contracts[producer];
  return consumers[reader] ?? [];
}
