/** Records the resources that a layer registers with the sample settings. */
import type { Upstreams } from "@proliferate-infra/shared/contracts/all-contracts";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { createLayer, type LayerBuild } from "@proliferate-infra/shared/program/layer";
import { record, type ComputedOutputs, type InvokeAnswers } from "./recording-mocks.ts";
import type { SampleChanges } from "./sample-configuration.ts";
import { sampleSettings } from "./sample-settings.ts";

export interface LayerSample<Name extends LayerName> {
  /** Changes to the sample settings. */
  readonly changes?: SampleChanges;
  readonly stack?: string;
  /** Creates the outputs of the upstream layers. Called when the mocks are set. */
  readonly upstream: () => Upstreams<Name>;
  /** Outputs of the layer's last deployment. */
  readonly deployed?: Readonly<Record<string, unknown>>;
  readonly computed?: ComputedOutputs;
  readonly answers?: InvokeAnswers;
}

/** Records the layer that `build` creates, and returns its outputs. */
export function recordLayer<Name extends LayerName>(
  layer: Name,
  build: LayerBuild<Name>,
  { changes, stack, upstream, deployed = {}, computed, answers }: LayerSample<Name>,
) {
  return record(
    (options) => {
      const settings = sampleSettings(layer, changes, stack);
      const providers = { aws: createAwsProvider(settings, layer) };
      return createLayer(layer, build, { settings, upstream: upstream(), deployed }, { ...options, providers });
    },
    computed,
    answers,
  );
}
