/** Changes of a deployed environment that AWS refuses, or that need consent. They are found before anything is changed. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Fault } from "../fault.ts";
import type { LayerStates } from "../pulumi-files/read-states.ts";
import { versionFaults, type PostgresSettings } from "./postgres-version.ts";
import { redisFaults, type RedisSettings } from "./redis-encryption.ts";
import { subnetFaults, type SubnetSettings } from "./subnets.ts";

/** Settings of the layers that are to be deployed. */
export interface WantedSettings {
  readonly network?: SubnetSettings | undefined;
  readonly data?: (PostgresSettings & RedisSettings) | undefined;
}

/** Layers whose changes can be refused. */
export const refusableLayers: readonly LayerName[] = ["network", "data"];

/** Why these settings must not be deployed. `states` has all layers; `allowUpgrade` is the consent to a major version of Postgres. */
export function refusedChanges(
  states: LayerStates,
  { network, data }: WantedSettings,
  allowUpgrade: boolean,
): readonly Fault[] {
  const resources = states.get("data")?.resources ?? [];
  return [
    ...(network === undefined ? [] : subnetFaults(states, network)),
    ...(data === undefined ? [] : [...versionFaults(resources, data, allowUpgrade), ...redisFaults(resources, data)]),
  ];
}
