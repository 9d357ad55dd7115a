/** Whether a rollout runs its layers at the same time when nobody says so. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { readStackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";

/**
 * Yes where the resources of no layer are protected: there the time counts. Elsewhere a mistake in one layer stops the rollout
 * before it comes to the next (docs/decisions/0009). The settings have been found valid before.
 */
export function pipelinesByDefault(root: string, stack: string, layers: readonly LayerName[]): boolean {
  return readStackFiles(root, stack, layers).every(
    ({ configuration }) => readSettings(configuration).settings?.protectResources === false,
  );
}
