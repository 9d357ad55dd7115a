/** The value that each setting has on AWS, for the keys whose change is deployed by effects.test.ts. */
import { DescribeLogGroupsCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import { IAMClient, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { layerNames } from "@proliferate-infra/shared/layers";
import {
  applicationContainerNames,
  serviceKeys,
  serviceName,
  type PublicServiceKey,
  type ServiceKey,
} from "@proliferate-infra/shared/services";
import { prefixed } from "@proliferate-infra/shared/settings/task-settings";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { using } from "./emulator-client.ts";

type Texts = Readonly<Record<string, string>>;

/** What AWS has of one service. */
interface ServiceOnAws {
  readonly task: TaskDefinition;
  readonly service: Service;
  /** Plain variables. */
  readonly environment: Texts;
  /** Variables of its secret. */
  readonly payload: Texts;
  readonly logRetentionDays: number | undefined;
  /** Policies of its task role. */
  readonly policies: readonly (string | undefined)[];
}

interface BalancerOnAws {
  readonly attributes: Texts;
  /** Certificate of port 443. */
  readonly certificate: string | undefined;
  readonly port: number | undefined;
  readonly healthCheckPath: string | undefined;
}

/** Inputs of every resource of all states by type and name: alarms and dashboards, whose SDK the tests do not have. */
type Resources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export type AwsFacts = Awaited<ReturnType<typeof readAws>>;

/** Reads everything once. */
export async function readAws(environment: EngineEnvironment, zones: readonly string[]) {
  const [network, data, gateway, llmProxy, worker, gatewayBalancer, llmProxyBalancer, containerInsights] =
    await Promise.all([
      using(EC2Client, environment, readNetwork),
      readData(environment),
      readService(environment, "gateway"),
      readService(environment, "llmProxy"),
      readService(environment, "worker"),
      using(ElasticLoadBalancingV2Client, environment, (elb) => readBalancer(elb, "gateway")),
      using(ElasticLoadBalancingV2Client, environment, (elb) => readBalancer(elb, "llmProxy")),
      using(ECSClient, environment, readContainerInsights),
    ]);
  const records = await using(Route53Client, environment, (route53) =>
    Promise.all(zones.map(async (zone) => [zone, await aliasRecords(route53, zone)] as const)),
  );
  return {
    ...{ network, data, containerInsights, records: new Map(records), resources: await readStates(environment) },
    services: { gateway, llmProxy, worker },
    balancers: { gateway: gatewayBalancer, llmProxy: llmProxyBalancer },
  };
}

async function readNetwork(ec2: EC2Client) {
  const { Vpcs: vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { NatGateways: gateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  const { FlowLogs: flowLogs = [] } = await ec2.send(new DescribeFlowLogsCommand({}));
  const { VpcEndpoints: endpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  const { SecurityGroupRules: rules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
  const tags = vpcs.find(({ IsDefault }) => IsDefault !== true)?.Tags ?? [];
  return {
    environment: tags.find(({ Key }) => Key === "Environment")?.Value,
    natGateways: gateways.filter(({ State }) => State === "available").length,
    flowLogs: flowLogs.length,
    interfaceEndpoints: endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === "Interface").length,
    databaseRanges: rules.flatMap(({ CidrIpv4, FromPort }) =>
      FromPort === 5432 && CidrIpv4 !== undefined ? [CidrIpv4] : [],
    ),
  };
}

async function readData(environment: EngineEnvironment) {
  const database = await using(RDSClient, environment, async (rds) => {
    const { DBInstances: [instance] = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return instance;
  });
  return using(ElastiCacheClient, environment, async (elasticache) => {
    const { ReplicationGroups: [redis] = [] } = await elasticache.send(new DescribeReplicationGroupsCommand({}));
    const { CacheClusters: [node] = [] } = await elasticache.send(new DescribeCacheClustersCommand({}));
    return { database, redis, node };
  });
}

async function readService(environment: EngineEnvironment, key: ServiceKey): Promise<ServiceOnAws> {
  const name = `proliferate-${serviceName(key)}`;
  const { task, service } = await using(ECSClient, environment, async (ecs) => {
    const { services: [found] = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: "proliferate", services: [name] }),
    );
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: found?.taskDefinition ?? name }),
    );
    return { task: taskDefinition ?? {}, service: found ?? {} };
  });
  const payload = await using(SecretsManagerClient, environment, async (client) => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return JSON.parse(SecretString ?? "{}") as Texts;
  });
  const logRetentionDays = await using(CloudWatchLogsClient, environment, async (logs) => {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups.find(({ logGroupName }) => logGroupName === name)?.retentionInDays;
  });
  const policies = await using(IAMClient, environment, async (iam) => {
    const RoleName = task.taskRoleArn?.split("/").at(-1);
    const { AttachedPolicies: attached = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return attached.map(({ PolicyArn }) => PolicyArn);
  });
  const variables = container({ task })?.environment ?? [];
  const environmentVariables = Object.fromEntries(variables.map((each) => [each.name ?? "", each.value ?? ""]));
  return { task, service, payload, logRetentionDays, policies, environment: environmentVariables };
}

async function readBalancer(elb: ElasticLoadBalancingV2Client, key: PublicServiceKey): Promise<BalancerOnAws> {
  const name = `proliferate-${serviceName(key)}`;
  const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = balancers.find(({ LoadBalancerName = "" }) =>
    LoadBalancerName.startsWith(name),
  )?.LoadBalancerArn;
  const { Attributes: attributes = [] } = await elb.send(
    new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }),
  );
  const { Listeners: listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { TargetGroups: groups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const group = groups.find(({ TargetGroupName = "" }) => TargetGroupName.startsWith(name));
  return {
    attributes: Object.fromEntries(attributes.map(({ Key = "", Value = "" }) => [Key, Value])),
    certificate: listeners.find(({ Port }) => Port === 443)?.Certificates?.[0]?.CertificateArn,
    port: group?.Port,
    healthCheckPath: group?.HealthCheckPath,
  };
}

async function readContainerInsights(ecs: ECSClient): Promise<string | undefined> {
  const { clusters: [cluster] = [] } = await ecs.send(
    new DescribeClustersCommand({ clusters: ["proliferate"], include: ["SETTINGS"] }),
  );
  return cluster?.settings?.find(({ name }) => name === "containerInsights")?.value;
}

/** Names of the records that lead to load balancers. */
async function aliasRecords(route53: Route53Client, HostedZoneId: string): Promise<readonly string[]> {
  const { ResourceRecordSets: records = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  return records.filter(({ Type }) => Type === "A").map(({ Name = "" }) => Name.replace(/\.$/, ""));
}

async function readStates(environment: EngineEnvironment): Promise<Resources> {
  const states = await Promise.all(layerNames.map((layer) => environment.stateOf(layer)));
  const resources = states.flatMap((text) => {
    const { checkpoint } = JSON.parse(text) as {
      checkpoint: { latest: { resources: { urn: string; type: string; inputs?: Record<string, unknown> }[] } };
    };
    return checkpoint.latest.resources.map(
      ({ urn, type, inputs = {} }) => [`${type} ${urn.split("::").at(-1) ?? ""}`, inputs] as const,
    );
  });
  return new Map(resources);
}

/** Returns the value of a setting on AWS, as programs get it. */
type Fact = (aws: AwsFacts) => unknown;

/** The container of the service, which has the service's name; the others are sidecars. */
const isOwn = (name: string | undefined) => applicationContainerNames.includes(name ?? "");
const container = ({ task }: Pick<ServiceOnAws, "task">) => task.containerDefinitions?.find(({ name }) => isOwn(name));

function factsOfTask(key: ServiceKey) {
  const of =
    (read: (service: ServiceOnAws) => unknown): Fact =>
    ({ services }) =>
      read(services[key]);
  const count = of(({ service }) => service.desiredCount);
  return {
    ImageTag: of((service) => container(service)?.image?.split(":").at(-1)),
    DesiredCount: count,
    MinCount: count,
    MaxCount: count,
    Command: of((service) => container(service)?.command),
    CpuArchitecture: of(({ task }) => task.runtimePlatform?.cpuArchitecture),
    Sidecars: of(({ task }) => task.containerDefinitions?.map((each) => each.name).filter((name) => !isOwn(name))),
    TaskPolicyArns: of(({ policies }) => policies),
    EphemeralStorageGiB: of(({ task }) => task.ephemeralStorage?.sizeInGiB),
    HealthCheckPath: of(
      (service) => /127\.0\.0\.1:\d+([^"]*)/.exec(container(service)?.healthCheck?.command?.join(" ") ?? "")?.[1],
    ),
    Cpu: of(({ task }) => Number(task.cpu)),
    Memory: of(({ task }) => Number(task.memory)),
    ReadonlyRootFilesystem: of((service) => container(service)?.readonlyRootFilesystem === true),
    ExtraEnvironment: of(({ environment: { OWN_VARIABLE } }) => (OWN_VARIABLE === undefined ? {} : { OWN_VARIABLE })),
    ExtraSecrets: of(({ payload: { OTHER_NAME } }) => (OTHER_NAME === undefined ? {} : { OTHER_NAME })),
  };
}

function factsOfBalancer(key: PublicServiceKey) {
  return {
    HealthCheckGracePeriodSeconds: ({ services }) => services[key].service.healthCheckGracePeriodSeconds,
    IdleTimeoutSeconds: ({ balancers }) => Number(balancers[key].attributes["idle_timeout.timeout_seconds"]),
    CertificateArn: ({ balancers }) => balancers[key].certificate,
  } satisfies Record<string, Fact>;
}

const named = ({ resources }: AwsFacts, type: string) => [...resources].filter(([id]) => id.startsWith(type));

/** Settings that are no variable of a service. */
export const facts: Readonly<Partial<Record<SettingKey, Fact>>> = {
  environment: ({ network }) => network.environment,
  natGateways: ({ network }) => (network.natGateways > 1 ? "per-zone" : "single"),
  enableFlowLogs: ({ network }) => network.flowLogs > 0,
  enableInterfaceEndpoints: ({ network }) => network.interfaceEndpoints > 0,
  dbAllowedCidrs: ({ network }) => network.databaseRanges,
  llmProxyPort: ({ balancers }) => balancers.llmProxy.port,
  alarmTopicArn: (aws) => named(aws, "aws:cloudwatch/metricAlarm:")[0]?.[1].alarmActions?.toString(),
  redisMaintenanceWindow: ({ data }) => data.node?.PreferredMaintenanceWindow,
  redisNodeType: ({ data }) => data.redis?.CacheNodeType,
  redisEngineVersion: ({ data }) => data.node?.EngineVersion?.split(".").slice(0, 2).join("."),
  redisReplicaCount: ({ data }) => (data.redis?.MemberClusters?.length ?? 0) - 1,
  redisSnapshotRetentionDays: ({ data }) => data.redis?.SnapshotRetentionLimit,
  redisTransitEncryption: ({ data }) => data.redis?.TransitEncryptionEnabled,
  dbMaintenanceWindow: ({ data }) => data.database?.PreferredMaintenanceWindow,
  dbPassword: ({ services }) => new URL(services.gateway.payload.DATABASE_URL ?? "x:").password,
  dbInstanceClass: ({ data }) => data.database?.DBInstanceClass,
  dbEngineVersion: ({ data }) => data.database?.EngineVersion?.split(".")[0],
  dbAllocatedStorageGb: ({ data }) => data.database?.AllocatedStorage,
  dbMaxAllocatedStorageGb: ({ data }) => data.database?.MaxAllocatedStorage,
  dbBackupRetentionDays: ({ data }) => data.database?.BackupRetentionPeriod,
  dbMultiAz: ({ data }) => data.database?.MultiAZ,
  dbConnectionsAlarm: ({ resources }) =>
    resources.get("aws:cloudwatch/metricAlarm:MetricAlarm postgres-alarm-connections")?.threshold,
  dbIamAuthentication: ({ data }) => data.database?.IAMDatabaseAuthenticationEnabled,
  dbEnhancedMonitoringSeconds: ({ data }) => data.database?.MonitoringInterval ?? 0,
  extraSecrets: ({ services: { worker } }) =>
    worker.payload.COMMON_NAME === undefined ? {} : { COMMON_NAME: worker.payload.COMMON_NAME },
  extraEnvironment: ({ services: { worker } }) =>
    worker.environment.COMMON_VARIABLE === undefined ? {} : { COMMON_VARIABLE: worker.environment.COMMON_VARIABLE },
  databaseTlsVerification: ({ services }) =>
    services.llmProxy.payload.DATABASE_URL?.includes("sslcert") === true ? "full" : "none",
  hostedZoneId: ({ records }) => [...records].find(([, names]) => names.includes("gateway.example.com"))?.[0],
  gatewayDomain: ({ records }) => [...records.values()].flat().find((name) => name.startsWith("gateway.")),
  llmProxyDomain: ({ records }) => [...records.values()].flat().find((name) => name.startsWith("llm.")),
  containerUser: ({ services }) => container(services.worker)?.user,
  migrationCommand: ({ resources }) => {
    const task = resources.get("aws:ecs/taskDefinition:TaskDefinition migration-task-definition");
    return task && (JSON.parse(String(task.containerDefinitions)) as { command: string[] }[])[0]?.command;
  },
  logRetentionDays: ({ services }) => services.worker.logRetentionDays,
  albIdleTimeoutSeconds: ({ balancers }) => Number(balancers.gateway.attributes["idle_timeout.timeout_seconds"]),
  containerInsights: ({ containerInsights }) => containerInsights,
  enableExecuteCommand: ({ services }) => services.worker.service.enableExecuteCommand,
  enableDashboard: (aws) => named(aws, "aws:cloudwatch/dashboard:").length > 0,
  albAccessLogsBucket: ({ balancers }) => balancers.gateway.attributes["access_logs.s3.bucket"],
  ...prefixed("gateway", { ...factsOfTask("gateway"), ...factsOfBalancer("gateway") }),
  ...prefixed("llmProxy", { ...factsOfTask("llmProxy"), ...factsOfBalancer("llmProxy") }),
  ...prefixed("worker", factsOfTask("worker")),
};

/** Variables of all services, by service. */
export function variablesOf({ services }: AwsFacts, secret: boolean): readonly Texts[] {
  return serviceKeys.map((key) => (secret ? services[key].payload : services[key].environment));
}
