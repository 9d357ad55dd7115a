/** The default of --pipelined. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { readStackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";

/**
 * True where no layer's resources are protected, to save time. Elsewhere one layer runs after another, so that a mistake in one
 * stops the rollout before the next (docs/decisions/0009). The settings must be valid.
 */
export function pipelinesByDefault(root: string, stack: string, layers: readonly LayerName[]): boolean {
  return readStackFiles(root, stack, layers).every(
    ({ configuration }) => readSettings(configuration).settings?.protectResources === false,
  );
}
