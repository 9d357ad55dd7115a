/** Refuses changes of a deployed environment before anything is changed. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { readSettings, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { versionChange, type VersionChange } from "@proliferate-infra/backend/changes/postgres-version";
import { refusedChanges, type WantedSettings } from "@proliferate-infra/backend/changes/refused-changes";
import { UserError } from "@proliferate-infra/backend/errors";
import { faultText } from "@proliferate-infra/backend/fault";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";

export interface ChangeOptions {
  readonly stack: string;
  /** Of the layers that are to be deployed. */
  readonly configurations: readonly LayerConfiguration[];
  /** Consent to a new major version of Postgres. */
  readonly allowUpgrade: boolean;
}

/**
 * Returns the upgrade of Postgres that the deployment makes; undefined when it makes none.
 *
 * @throws UserError that lists every change that AWS refuses or that needs consent.
 */
export async function refuseChanges(
  store: ObjectStore,
  { stack, configurations, allowUpgrade }: ChangeOptions,
): Promise<VersionChange | undefined> {
  const wanted = wantedSettings(configurations);
  const states = await readStates(store, stack, layerNames);
  const faults = refusedChanges(states, wanted, allowUpgrade);
  if (faults.length > 0) {
    throw new UserError(faults.map(faultText).join("\n\n"));
  }
  return wanted.data && versionChange(states.get("data")?.resources ?? [], wanted.data);
}

/** The settings of layers that can be refused. Invalid settings are left out: the layer's program reports them. */
function wantedSettings(configurations: readonly LayerConfiguration[]): WantedSettings {
  const read = <Name extends LayerName>(layer: Name) => {
    const found = configurations.find((each) => each.layer === layer);
    return found === undefined ? undefined : readSettings({ ...found, layer }).settings;
  };
  return { network: read("network"), data: read("data") };
}
