/**
 * Reads the facts of services from ECS and the load balancers. Takes over single fields only: answers of ECS also hold
 * environment variables, which must not get any further. Import it when it is needed, for it loads the SDK.
 */
import {
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  paginateListTaskDefinitions,
  type Service,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { familyOf, revisionOf } from "@proliferate-infra/shared/aws/task-definition-name";
import { stoppedTasks } from "./ecs-stopped-tasks.ts";
import { answer, type FactsReader } from "./facts-reader.ts";
import type { ServiceDeploymentFacts, ServiceFacts, TargetGroupFacts } from "./service-facts.ts";

/** Clients of the two APIs. */
export interface FactsClients {
  readonly ecs: ECSClient;
  readonly loadBalancers: ElasticLoadBalancingV2Client;
}

/** Clients for `region`, else for the one that AWS's own variables name; credentials as the SDK finds them. */
export function openClients(region: string | undefined): FactsClients {
  const options = region === undefined ? {} : { region };
  return { ecs: new ECSClient(options), loadBalancers: new ElasticLoadBalancingV2Client(options) };
}

/** A reader that asks AWS through these clients. */
export function awsFacts({ ecs, loadBalancers }: FactsClients): FactsReader {
  const serviceFacts = async (name: string, service: Service, signal: AbortSignal): Promise<ServiceFacts> => {
    const [newestTaskDefinition, serviceDeployments, targetGroups] = await Promise.all([
      newestOfFamily(ecs, service.taskDefinition, signal),
      deploymentHistory(ecs, service, signal),
      Promise.all(targetGroupArns(service).map((arn) => targetGroup(loadBalancers, arn, signal))),
    ]);
    return {
      name,
      status: service.status,
      taskDefinition: service.taskDefinition,
      newestTaskDefinition,
      desired: service.desiredCount ?? 0,
      deployments: (service.deployments ?? []).map((deployment) => ({
        status: deployment.status,
        rolloutState: deployment.rolloutState,
        rolloutStateReason: deployment.rolloutStateReason,
        running: deployment.runningCount ?? 0,
        pending: deployment.pendingCount ?? 0,
      })),
      serviceDeployments,
      targetGroups,
    };
  };
  return {
    services: async (cluster, names, signal) => {
      // An environment has fewer services than the ten that one call takes.
      const found = await answer("ecs:DescribeServices", () =>
        ecs.send(new DescribeServicesCommand({ cluster, services: [...names] }), { abortSignal: signal }),
      );
      const byName = new Map(found.services?.map((service) => [service.serviceName, service]));
      return Promise.all(
        names.map(async (name) => {
          const service = byName.get(name);
          return service === undefined ? missing(name) : serviceFacts(name, service, signal);
        }),
      );
    },
    stoppedTasks: (cluster, service, signal) => stoppedTasks(ecs, cluster, service, signal),
  };
}

function missing(name: string): ServiceFacts {
  return {
    name,
    status: undefined,
    taskDefinition: undefined,
    newestTaskDefinition: undefined,
    desired: 0,
    deployments: [],
    serviceDeployments: [],
    targetGroups: [],
  };
}

/**
 * The newest active revision of the family that `arn` belongs to. DescribeTaskDefinition would tell too, but with all the
 * environment variables.
 */
async function newestOfFamily(ecs: ECSClient, arn: string | undefined, signal: AbortSignal) {
  if (arn === undefined) {
    return undefined;
  }
  const familyPrefix = familyOf(arn);
  const request = { familyPrefix, status: "ACTIVE", sort: "DESC" } as const;
  const pages = paginateListTaskDefinitions({ client: ecs }, request, { abortSignal: signal });
  return answer("ecs:ListTaskDefinitions", async () => {
    // One page is as good as certain to have it; the others are not asked for then.
    for await (const { taskDefinitionArns = [] } of pages) {
      const own = taskDefinitionArns.filter((each) => familyOf(each) === familyPrefix);
      const [newest] = own.sort((one, other) => revisionOf(other) - revisionOf(one));
      if (newest !== undefined) {
        return newest;
      }
    }
    return undefined;
  });
}

/** The whole history: AWS does not say in which order it lists it. */
async function deploymentHistory(
  client: ECSClient,
  { clusterArn: cluster, serviceArn: service }: Service,
  abortSignal: AbortSignal,
): Promise<readonly ServiceDeploymentFacts[]> {
  const listed: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const request = new ListServiceDeploymentsCommand({ cluster, service, nextToken, maxResults: 100 });
    const page = await answer("ecs:ListServiceDeployments", () => client.send(request, { abortSignal }));
    listed.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return listed.map(({ status, statusReason, createdAt }) => ({
    status: status ?? "PENDING",
    statusReason,
    createdAt: createdAt?.getTime() ?? 0,
  }));
}

function targetGroupArns({ loadBalancers = [] }: Service): readonly string[] {
  return loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
}

async function targetGroup(
  client: ElasticLoadBalancingV2Client,
  arn: string,
  abortSignal: AbortSignal,
): Promise<TargetGroupFacts> {
  const { TargetHealthDescriptions: descriptions = [] } = await answer(
    "elasticloadbalancing:DescribeTargetHealth",
    () => client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }), { abortSignal }),
  );
  const targets = descriptions.map(({ TargetHealth: health }) => ({
    state: health?.State ?? "unknown",
    reason: health?.Reason,
    description: health?.Description,
  }));
  return { arn, targets };
}
