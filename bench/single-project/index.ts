/** All four layers in one project and one state, from the same components. The benchmarks compare the layers to it. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createDataLayer } from "proliferate-data/data-layer.ts";
import { createNetworkLayer } from "proliferate-network/network-layer.ts";
import { createSecretsLayer } from "proliferate-secrets/secrets-layer.ts";
import { createServicesLayer } from "proliferate-services/services-layer.ts";
import { defaultTags } from "@proliferate-infra/shared/program/aws-provider";
import type { Consumed, Upstreams } from "@proliferate-infra/shared/contracts/all-contracts";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { createLayer, type LayerBuild } from "@proliferate-infra/shared/program/layer";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";

/** The Pulumi program. */
export default function single(): object {
  const network = create("network", createNetworkLayer, {});
  const data = create("data", createDataLayer, { network: handedOn<"data", "network">(network) });
  const secrets = create("secrets", createSecretsLayer, { data: handedOn<"secrets", "data">(data) });
  return create("services", createServicesLayer, {
    network: handedOn<"services", "network">(network),
    data: handedOn<"services", "data">(data),
    secrets: handedOn<"services", "secrets">(secrets),
  });
}

function create<Name extends LayerName>(layer: Name, build: LayerBuild<Name>, upstream: Upstreams<Name>): object {
  const settings = readLayerSettings(layer);
  const tags = defaultTags(settings, layer);
  const provider = new aws.Provider(`aws-${layer}`, { region: settings.region as aws.Region, defaultTags: { tags } });
  return createLayer(layer, build, { settings, upstream, deployed: {} }, { providers: { aws: provider } });
}

/** Returns a layer's outputs in the form that the next layer reads. No state is involved. */
function handedOn<Reader extends LayerName, Producer extends LayerName>(outputs: object): Consumed<Reader, Producer> {
  const present = Object.entries(outputs).filter(([, value]) => value !== undefined);
  // These are all outputs of the producer. The reader uses a part of them.
  return Object.fromEntries(present.map(([key, value]) => [key, pulumi.output(value)])) as Consumed<Reader, Producer>;
}
