/** Reads services from ECS, and the health of their targets from the load balancers. Import it when it is needed, because it loads the SDK. */
import { ECSClient, type Service } from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { awsClient } from "@proliferate-infra/backend/aws/client";
import { callAws } from "@proliferate-infra/backend/aws/call";
import {
  describeServices,
  describeTasks,
  listServiceDeployments,
  listTasks,
  newestRevision,
  type CallOptions,
} from "@proliferate-infra/backend/aws/ecs";
import { familyOf } from "@proliferate-infra/shared/aws/task-definition-name";
import type { ServiceReader } from "./poll-services.ts";
import type { ServiceFacts, TargetGroupFacts } from "./service-verdict.ts";

/** Clients of the two APIs. */
export interface ServiceClients {
  readonly ecs: ECSClient;
  readonly loadBalancers: ElasticLoadBalancingV2Client;
}

/** Clients for `region`; undefined: the one that AWS_REGION or the profile names. */
export function openClients(region: string | undefined): ServiceClients {
  return {
    ecs: awsClient(ECSClient, { region }),
    loadBalancers: awsClient(ElasticLoadBalancingV2Client, { region }),
  };
}

/** Reads the services of a cluster through these clients. */
export function serviceReader(clients: ServiceClients, cluster: string, options: CallOptions): ServiceReader {
  const { ecs } = clients;
  return {
    services: async (names) => {
      const found = await describeServices(ecs, cluster, names, options);
      const byName = new Map(found.map((service) => [service.serviceName, service]));
      return Promise.all(names.map((name) => serviceFacts(clients, name, byName.get(name), options)));
    },
    stoppedTasks: async (serviceName) => {
      const arns = await listTasks(ecs, { cluster, serviceName, desiredStatus: "STOPPED" }, options);
      return describeTasks(ecs, cluster, arns, options);
    },
  };
}

async function serviceFacts(
  { ecs, loadBalancers }: ServiceClients,
  name: string,
  service: Service | undefined,
  options: CallOptions,
): Promise<ServiceFacts> {
  if (service === undefined) {
    return { name, service, newestTaskDefinition: undefined, serviceDeployments: [], targetGroups: [] };
  }
  const targetGroupArns = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  const [newestTaskDefinition, serviceDeployments, targetGroups] = await Promise.all([
    service.taskDefinition === undefined ? undefined : newestRevision(ecs, familyOf(service.taskDefinition), options),
    listServiceDeployments(ecs, service, options),
    Promise.all(targetGroupArns.map((arn) => targetGroup(loadBalancers, arn, options))),
  ]);
  return { name, service, newestTaskDefinition, serviceDeployments, targetGroups };
}

async function targetGroup(
  client: ElasticLoadBalancingV2Client,
  arn: string,
  options: CallOptions,
): Promise<TargetGroupFacts> {
  const request = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
  const { TargetHealthDescriptions: descriptions = [] } = await callAws(
    "elasticloadbalancing:DescribeTargetHealth",
    () => client.send(request, options),
  );
  return { arn, targets: descriptions.map(({ TargetHealth }) => TargetHealth ?? {}) };
}
