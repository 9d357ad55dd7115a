/** Refuses changes of a deployed environment before anything is changed. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { readSettings, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { versionChange, type VersionChange } from "@proliferate-infra/backend/changes/postgres-version";
import { refusedChanges, type WantedSettings } from "@proliferate-infra/backend/changes/refused-changes";
import { UserError } from "@proliferate-infra/backend/errors";
import { faultText } from "@proliferate-infra/backend/fault";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";

/**
 * Returns the upgrade of Postgres that the deployment makes; undefined when it makes none.
 *
 * @param states of all layers
 * @param configurations of the layers that are to be deployed
 * @param allowUpgrade consent to a new major version of Postgres
 * @throws UserError that lists every change that AWS refuses or that needs consent.
 */
export function refuseChanges(
  states: LayerStates,
  configurations: readonly LayerConfiguration[],
  allowUpgrade: boolean,
): VersionChange | undefined {
  const wanted = wantedSettings(configurations);
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
