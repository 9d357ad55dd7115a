/** All four layers in one project and one state, made of the layers' own components: what isolation is measured against. */
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

/** The program that `pulumi up` runs. */
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
  return createLayer(layer, build, { settings, upstream }, { providers: { aws: provider } });
}

/** Outputs of a layer as the next one gets them; there is no state between them that they would have to be read from. */
function handedOn<Reader extends LayerName, Producer extends LayerName>(outputs: object): Consumed<Reader, Producer> {
  const present = Object.entries(outputs).filter(([, value]) => value !== undefined);
  // All outputs of the producer, of which the reader's are a part.
  return Object.fromEntries(present.map(([key, value]) => [key, pulumi.output(value)])) as Consumed<Reader, Producer>;
}
