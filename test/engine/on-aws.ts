/** What the product says of each layer, checked with AWS's own calls. */
import { expect } from "chai";
import {
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient, GetLifecyclePolicyCommand } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DescribeCacheParametersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, DescribeDBParametersCommand, RDSClient } from "@aws-sdk/client-rds";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { revisionOf } from "@proliferate-infra/shared/aws/task-definition-name";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { using } from "./emulator-client.ts";

/** VPC, subnets, routes and rules. */
export function checkNetworkOnAws(environment: EngineEnvironment): Promise<void> {
  return using(EC2Client, environment, async (ec2) => {
    const { Vpcs: vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const [vpc, ...others] = vpcs.filter(({ IsDefault: isDefault }) => isDefault !== true);
    expect(others).to.deep.equal([]);
    expect(vpc?.CidrBlock).to.equal("10.0.0.0/16");
    const Filters = [{ Name: "vpc-id", Values: [vpc?.VpcId ?? ""] }];

    const { Subnets: subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(subnets.map(({ CidrBlock, MapPublicIpOnLaunch }) => [CidrBlock, MapPublicIpOnLaunch])).to.have.deep.members([
      ["10.0.1.0/24", false],
      ["10.0.2.0/24", false],
      ["10.0.101.0/24", false],
      ["10.0.102.0/24", false],
    ]);
    expect(new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size).to.equal(2);

    const { NatGateways: natGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }));
    expect(natGateways.filter(({ State }) => State === "available")).to.have.length(1);
    const { RouteTables: tables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    const waysOut = tables.flatMap(({ Routes: routes = [] }) =>
      routes.filter(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0"),
    );
    expect(waysOut.filter(({ NatGatewayId }) => NatGatewayId !== undefined)).to.have.length(2);
    expect(waysOut.filter(({ GatewayId }) => GatewayId?.startsWith("igw-") === true)).to.have.length(1);
    await checkRules(ec2, Filters);
  });
}

async function checkRules(ec2: EC2Client, Filters: { Name: string; Values: string[] }[]): Promise<void> {
  const { SecurityGroups: groups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const names = new Map(groups.map(({ GroupId, GroupName }) => [GroupId, GroupName?.replace("proliferate-", "")]));
  const { SecurityGroupRules: rules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({
      Filters: [{ Name: "group-id", Values: groups.map(({ GroupId }) => GroupId ?? "") }],
    }),
  );
  const ingress = rules
    .filter(({ IsEgress }) => IsEgress !== true)
    .map((rule) => {
      const source = rule.CidrIpv4 ?? names.get(rule.ReferencedGroupInfo?.GroupId);
      return `${names.get(rule.GroupId)} <- ${source} ${rule.FromPort}`;
    });
  expect(ingress).to.have.members([
    "gateway-alb <- 0.0.0.0/0 80",
    "gateway-alb <- 0.0.0.0/0 443",
    "gateway-task <- gateway-alb 8787",
    "llm-proxy-alb <- 0.0.0.0/0 80",
    "llm-proxy-alb <- 0.0.0.0/0 443",
    "llm-proxy-task <- llm-proxy-alb 4000",
    ...["redis", "database"].flatMap((target) =>
      ["gateway", "llm-proxy", "worker"].map((task) => `${target} <- ${task}-task ${target === "redis" ? 6379 : 5432}`),
    ),
  ]);
}

/** Redis with replication, Postgres, and their parameters. */
export async function checkDataOnAws(environment: EngineEnvironment): Promise<void> {
  await using(ElastiCacheClient, environment, async (elasticache) => {
    const { ReplicationGroups: groups = [] } = await elasticache.send(new DescribeReplicationGroupsCommand({}));
    expect(groups).to.have.length(1);
    expect(groups[0]?.AtRestEncryptionEnabled).to.equal(true);
    const name = outputIn(await environment.stateOf("data"), "aws:elasticache/parameterGroup:ParameterGroup", "name");
    const { Parameters: parameters = [] } = await elasticache.send(
      new DescribeCacheParametersCommand({ CacheParameterGroupName: name }),
    );
    const policy = parameters.find(({ ParameterName }) => ParameterName === "maxmemory-policy");
    expect(policy?.ParameterValue).to.equal("noeviction");
  });
  await using(RDSClient, environment, async (rds) => {
    const { DBInstances: [instance, ...others] = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(others).to.deep.equal([]);
    expect(instance).to.deep.include({
      Engine: "postgres",
      StorageEncrypted: true,
      PubliclyAccessible: false,
      BackupRetentionPeriod: 7,
    });
    const name = instance?.DBParameterGroups?.[0]?.DBParameterGroupName;
    const { Parameters: parameters = [] } = await rds.send(
      new DescribeDBParametersCommand({ DBParameterGroupName: name }),
    );
    expect(parameters.find(({ ParameterName }) => ParameterName === "rds.force_ssl")?.ParameterValue).to.equal("1");
  });
}

interface State {
  readonly checkpoint: {
    readonly latest: { readonly resources: { type: string; outputs?: Record<string, unknown> }[] };
  };
}

/** One output of the only resource of a type in a stored state. */
function outputIn(state: string, type: string, key: string): string {
  const { resources } = (JSON.parse(state) as State).checkpoint.latest;
  return String(resources.find((resource) => resource.type === type)?.outputs?.[key]);
}

const COMMON_SECRET_KEYS = [
  "ANTHROPIC_API_KEY",
  "AUTUMN_API_KEY",
  "BETTER_AUTH_SECRET",
  "BILLING_JWT_SECRET",
  "DATABASE_URL",
  "E2B_API_KEY",
  "GATEWAY_JWT_SECRET",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_APP_WEBHOOK_SECRET",
  "LLM_PROXY_MASTER_KEY",
  "RESEND_API_KEY",
  "SERVICE_TO_SERVICE_AUTH_TOKEN",
  "USER_SECRETS_ENCRYPTION_KEY",
];

/** Payload of each service's secret. */
export function checkSecretsOnAws(environment: EngineEnvironment): Promise<void> {
  return using(SecretsManagerClient, environment, async (secretsManager) => {
    const payloadOf = async (service: string) => {
      const { SecretString } = await secretsManager.send(
        new GetSecretValueCommand({ SecretId: `proliferate-${service}` }),
      );
      return JSON.parse(SecretString ?? "{}") as Record<string, string>;
    };
    const gateway = await payloadOf("gateway");
    expect(Object.keys(gateway)).to.deep.equal(COMMON_SECRET_KEYS);
    expect(Object.keys(await payloadOf("worker"))).to.deep.equal(COMMON_SECRET_KEYS);
    const llmProxy = await payloadOf("llm-proxy");
    expect(Object.keys(llmProxy)).to.deep.equal(["ANTHROPIC_API_KEY", "DATABASE_URL", "LITELLM_MASTER_KEY"]);
    expect(gateway.DATABASE_URL).to.match(/^postgresql:\/\/proliferate:.+@.+\/proliferate\?sslmode=require$/);
    expect(llmProxy.DATABASE_URL).to.match(/\/proliferate\?sslmode=require$/);
    expect(gateway.GITHUB_APP_PRIVATE_KEY).to.contain("-----\n");
  });
}

/** Images of a service's task definitions, oldest first. */
export function taskImages(environment: EngineEnvironment, service: string): Promise<string[]> {
  return using(ECSClient, environment, async (ecs) => {
    const familyPrefix = `proliferate-${service}`;
    const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, sort: "ASC" }));
    // A replaced task definition is deregistered, but stays known.
    const inactive = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, sort: "ASC", status: "INACTIVE" }));
    const arns = [...(inactive.taskDefinitionArns ?? []), ...taskDefinitionArns];
    const definitions = await Promise.all(
      arns
        .sort((a, b) => revisionOf(a) - revisionOf(b))
        .map((taskDefinition) => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))),
    );
    return definitions.map(({ taskDefinition }) => taskDefinition?.containerDefinitions?.[0]?.image ?? "");
  });
}

/** Repositories, load balancers, listeners, services and their containers. */
export async function checkServicesOnAws(environment: EngineEnvironment): Promise<void> {
  await using(ECRClient, environment, async (ecr) => {
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories.map(({ repositoryName }) => repositoryName)).to.have.members([
      "proliferate-gateway",
      "proliferate-llm-proxy",
      "proliferate-worker",
    ]);
    for (const { repositoryName, imageScanningConfiguration } of repositories) {
      expect(imageScanningConfiguration?.scanOnPush, repositoryName).to.equal(true);
      const { lifecyclePolicyText } = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
      expect(lifecyclePolicyText).to.contain('"countNumber":10');
    }
  });
  await using(ElasticLoadBalancingV2Client, environment, async (elb) => {
    const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    expect(balancers.map(({ Scheme }) => Scheme)).to.deep.equal(["internet-facing", "internet-facing"]);
    for (const { LoadBalancerArn } of balancers) {
      const { Listeners: listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
      expect(listeners.map(({ Port, Protocol }) => `${Protocol} ${Port}`)).to.deep.equal(["HTTP 80"]);
    }
    const { TargetGroups: groups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(
      groups.map(({ Port, HealthCheckPath, TargetType }) => `${Port} ${HealthCheckPath} ${TargetType}`),
    ).to.have.members(["8787 /health ip", "4000 /health/liveliness ip"]);
  });
  await using(ECSClient, environment, async (ecs) => {
    const services = ["gateway", "llm-proxy", "worker"].map((service) => `proliferate-${service}-idle`);
    const described = await ecs.send(new DescribeServicesCommand({ cluster: "proliferate", services }));
    expect(described.services?.map(({ desiredCount }) => desiredCount)).to.deep.equal([0, 0, 0]);
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "proliferate-gateway" }),
    );
    expect([taskDefinition?.cpu, taskDefinition?.memory, taskDefinition?.networkMode]).to.deep.equal([
      "512",
      "1024",
      "awsvpc",
    ]);
    const container = taskDefinition?.containerDefinitions?.[0];
    const secrets = container?.secrets ?? [];
    expect(secrets.map(({ name }) => name)).to.deep.equal(COMMON_SECRET_KEYS);
    for (const { name, valueFrom } of secrets) {
      expect(valueFrom).to.match(
        new RegExp(`^arn:aws:secretsmanager:us-east-1:\\d{12}:secret:proliferate-gateway-\\w+:${name}::[\\w-]+$`),
      );
    }
    const variables: Record<string, string> = {};
    for (const { name = "", value = "" } of container?.environment ?? []) {
      variables[name] = value;
    }
    expect(taskDefinition?.taskRoleArn).to.contain(":role/proliferate-object-store-task-");
    expect(variables.S3_BUCKET).to.match(/^proliferate-files-\d{12}-us-east-1$/);
    expect(variables).to.include({
      OTEL_SERVICE_NAME: "gateway",
      NODE_ENV: "production",
      GATEWAY_PORT: "8787",
      NEXT_PUBLIC_BILLING_ENABLED: "true",
    });
    expect(variables.REDIS_URL).to.match(/^redis:\/\//);
    expect(Object.values(variables)).not.to.include("");
  });
}
