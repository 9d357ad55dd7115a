/** Everything that exists in an emulated AWS beside what is there by itself and Pulumi's state. */
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { using } from "./emulator-client.ts";

type Names = readonly (string | undefined)[];

/** Names of what is left, such as `role proliferate-execution`. Unprotected stacks delete secrets and repositories at once. */
export async function leftOnAws(environment: EngineEnvironment): Promise<string[]> {
  const found: readonly [string, Names][] = [
    ...(await using(EC2Client, environment, networkNames)),
    ...(await using(ElasticLoadBalancingV2Client, environment, balancerNames)),
    ...(await using(ElastiCacheClient, environment, redisNames)),
    ["database", await using(RDSClient, environment, databaseNames)],
    ["secret", await using(SecretsManagerClient, environment, secretNames)],
    ["cluster", await using(ECSClient, environment, clusterNames)],
    ["repository", await using(ECRClient, environment, repositoryNames)],
    ["role", await using(IAMClient, environment, roleNames)],
    ["log group", await using(CloudWatchLogsClient, environment, logGroupNames)],
  ];
  return found.flatMap(([kind, names]) => names.map((name) => `${kind} ${name ?? "without a name"}`));
}

async function networkNames(ec2: EC2Client): Promise<[string, Names][]> {
  const { Vpcs: vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { SecurityGroups: groups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const { NatGateways: gateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  return [
    ["vpc", vpcs.filter(({ IsDefault }) => IsDefault !== true).map(({ VpcId }) => VpcId)],
    ["security group", groups.filter(({ GroupName }) => GroupName !== "default").map(({ GroupName }) => GroupName)],
    ["nat gateway", gateways.filter(({ State }) => State !== "deleted").map(({ NatGatewayId }) => NatGatewayId)],
  ];
}

async function balancerNames(elb: ElasticLoadBalancingV2Client): Promise<[string, Names][]> {
  const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { TargetGroups: groups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  return [
    ["load balancer", balancers.map(({ LoadBalancerName }) => LoadBalancerName)],
    ["target group", groups.map(({ TargetGroupName }) => TargetGroupName)],
  ];
}

async function redisNames(elasticache: ElastiCacheClient): Promise<[string, Names][]> {
  const { CacheClusters: clusters = [] } = await elasticache.send(new DescribeCacheClustersCommand({}));
  const { ReplicationGroups: groups = [] } = await elasticache.send(new DescribeReplicationGroupsCommand({}));
  return [
    ["cache cluster", clusters.map(({ CacheClusterId }) => CacheClusterId)],
    ["replication group", groups.map(({ ReplicationGroupId }) => ReplicationGroupId)],
  ];
}

async function databaseNames(rds: RDSClient): Promise<Names> {
  const { DBInstances: instances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  return instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
}

async function secretNames(secretsManager: SecretsManagerClient): Promise<Names> {
  const { SecretList: secrets = [] } = await secretsManager.send(
    new ListSecretsCommand({ IncludePlannedDeletion: true }),
  );
  return secrets.map(({ Name }) => Name);
}

async function clusterNames(ecs: ECSClient): Promise<Names> {
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
  return clusterArns;
}

async function repositoryNames(ecr: ECRClient): Promise<Names> {
  const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
  return repositories.map(({ repositoryName }) => repositoryName);
}

async function roleNames(iam: IAMClient): Promise<Names> {
  const { Roles: roles = [] } = await iam.send(new ListRolesCommand({}));
  return roles.filter(({ Path }) => Path?.startsWith("/aws-service-role/") !== true).map(({ RoleName }) => RoleName);
}

async function logGroupNames(logs: CloudWatchLogsClient): Promise<Names> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  return logGroups.map(({ logGroupName }) => logGroupName);
}
