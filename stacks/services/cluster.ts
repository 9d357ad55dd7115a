/** The Fargate cluster of an environment. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

/** A cluster, and what must exist before services can name its capacity providers. */
export interface Cluster {
  readonly cluster: aws.ecs.Cluster;
  readonly capacityProviders: aws.ecs.ClusterCapacityProviders;
}

/**
 * How services are placed. A strategy from the first day, because a service without one must be replaced to get one;
 * FARGATE_SPOT is attached to the cluster but no service asks for it.
 */
export const capacityStrategy = { capacityProvider: "FARGATE", base: 1, weight: 1 };

export function createCluster({ settings, parent, name }: LayerScope<"services">): Cluster {
  const cluster = new aws.ecs.Cluster(
    "cluster",
    { name: name("cluster"), settings: [{ name: "containerInsights", value: settings.containerInsights }] },
    { parent },
  );
  const capacityProviders = new aws.ecs.ClusterCapacityProviders(
    "cluster-capacity-providers",
    {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [capacityStrategy],
    },
    { parent },
  );
  return { cluster, capacityProviders };
}
