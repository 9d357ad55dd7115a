/** A layer's program, which `pulumi up` runs. */
import type { ContractOf } from "@proliferate-infra/shared/contracts/all-contracts";
import type { ProducedOutputs } from "@proliferate-infra/shared/contracts/contract";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { adoptResources } from "@proliferate-infra/shared/program/adopt";
import { accountIdOf, createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { inheritedSettings } from "@proliferate-infra/shared/program/inherited-settings";
import { createLayer, type LayerBuild, type LayerInputs } from "@proliferate-infra/shared/program/layer";
import { publishOutputs } from "@proliferate-infra/shared/program/publish-outputs";
import { keepUnknownSecrets } from "@proliferate-infra/shared/program/unknown-secrets";
import { confirmUpstreams, readUpstreams } from "@proliferate-infra/shared/program/upstream-reader";
import { commonValuesOf } from "@proliferate-infra/shared/settings/common-values";
import { currentConfiguration, readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { guardLayer } from "./guard.ts";

/**
 * The program of `layer`: it reads settings and upstreams, has `build` create the resources, and returns the layer's outputs.
 *
 * @param readDeployed reads the outputs of the layer's own last deployment
 */
export function layerProgram<Name extends LayerName>(
  layer: Name,
  build: LayerBuild<Name>,
  readDeployed?: (layer: Name) => Promise<LayerInputs<Name>["deployed"]>,
): () => Promise<ProducedOutputs<ContractOf<Name>>> {
  return async () => {
    const own = readLayerSettings(layer);
    await guardLayer(layer, own);
    keepUnknownSecrets();
    const checkAdopted = adoptResources(layer);
    const provider = createAwsProvider(own, layer);
    // Of all upstream outputs only those of secrets are ARNs, which must be of the same account.
    const accountId = layerByName(layer).upstreams.includes("secrets") ? await accountIdOf(provider) : undefined;
    const upstream = await readUpstreams(layer, { region: own.region, accountId });
    const configuration = currentConfiguration(layer);
    const settings = { ...own, ...(await inheritedSettings(configuration, upstream)) };
    const deployed = (await readDeployed?.(layer)) ?? {};
    const created = createLayer(layer, build, { settings, upstream, deployed }, { providers: { aws: provider } });
    checkAdopted();
    const outputs = publishOutputs(layer, { ...created, commonSettings: commonValuesOf(configuration) });
    await confirmUpstreams(layer);
    return outputs;
  };
}
