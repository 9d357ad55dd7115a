/** Load balancers, ECS and secrets. The provider's ID of each is its ARN. */
import { DescribeClustersCommand, DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  waitUntilLoadBalancerAvailable,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { textOf, unlessMissing, waiting, type Finder } from "./creation.ts";

export const loadBalancer: Finder = (creation, options) =>
  withAwsClient(ElasticLoadBalancingV2Client, { region: options.region }, async (client) => {
    const request = { Names: [textOf(creation, "name")] };
    const search = () => client.send(new DescribeLoadBalancersCommand(request));
    const found = await unlessMissing("LoadBalancerNotFoundException", search);
    if (found === undefined) {
      return undefined;
    }
    await waitUntilLoadBalancerAvailable(waiting(client, options), request);
    return found.LoadBalancers?.[0]?.LoadBalancerArn;
  });

export const targetGroup: Finder = (creation, options) =>
  withAwsClient(ElasticLoadBalancingV2Client, { region: options.region }, async (client) => {
    const search = () => client.send(new DescribeTargetGroupsCommand({ Names: [textOf(creation, "name")] }));
    return (await unlessMissing("TargetGroupNotFoundException", search))?.TargetGroups?.[0]?.TargetGroupArn;
  });

export const listener: Finder = (creation, options) =>
  withAwsClient(ElasticLoadBalancingV2Client, { region: options.region }, async (client) => {
    const request = { LoadBalancerArn: textOf(creation, "loadBalancerArn") };
    const { Listeners = [] } = await client.send(new DescribeListenersCommand(request));
    return Listeners.find(({ Port }) => Port === creation.inputs.port)?.ListenerArn;
  });

export const ecsCluster: Finder = (creation, options) =>
  withAwsClient(ECSClient, { region: options.region }, async (client) => {
    const { clusters = [] } = await client.send(new DescribeClustersCommand({ clusters: [textOf(creation, "name")] }));
    return clusters.find(({ status }) => status === "ACTIVE")?.clusterArn;
  });

export const ecsService: Finder = (creation, options) =>
  withAwsClient(ECSClient, { region: options.region }, async (client) => {
    const request = { cluster: textOf(creation, "cluster"), services: [textOf(creation, "name")] };
    const { services = [] } = await client.send(new DescribeServicesCommand(request));
    return services.find(({ status }) => status === "ACTIVE")?.serviceArn;
  });

export const secret: Finder = (creation, options) =>
  withAwsClient(SecretsManagerClient, { region: options.region }, async (client) => {
    const search = () => client.send(new DescribeSecretCommand({ SecretId: textOf(creation, "name") }));
    const found = await unlessMissing("ResourceNotFoundException", search);
    return found?.DeletedDate === undefined ? found?.ARN : undefined;
  });
