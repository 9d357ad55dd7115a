/** Outputs of every layer that agree with its contract. */
import * as pulumi from "@pulumi/pulumi";
import { contracts, type ContractOf } from "@proliferate-infra/shared/contracts/all-contracts";
import type { OutputsOf, UpstreamOutputs } from "@proliferate-infra/shared/contracts/contract";
import type { LayerName } from "@proliferate-infra/shared/layers";

const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:proliferate-${name}-AbCdEf`;
const repository = (name: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/proliferate-${name}`;

/** Some of the settings that layers were deployed with. */
const commonSettings = { "aws:region": "us-east-1", resourcePrefix: "proliferate" };

/** Plain values of each layer's outputs, with the llm-proxy. */
export const goodOutputs: { readonly [Name in LayerName]: OutputsOf<ContractOf<Name>> } = {
  network: {
    vpcId: "vpc-0a1b2c",
    vpcCidr: "10.0.0.0/16",
    availabilityZones: ["us-east-1a", "us-east-1b"],
    publicSubnetIds: ["subnet-0a1", "subnet-0a2"],
    privateSubnetIds: ["subnet-0b1", "subnet-0b2"],
    gatewayAlbSecurityGroupId: "sg-0001",
    gatewayTaskSecurityGroupId: "sg-0002",
    llmProxyAlbSecurityGroupId: "sg-0003",
    llmProxyTaskSecurityGroupId: "sg-0004",
    workerTaskSecurityGroupId: "sg-0005",
    redisSecurityGroupId: "sg-0006",
    databaseSecurityGroupId: "sg-0007",
    commonSettings: { ...commonSettings, gatewayPort: "8787", llmProxyPort: "4000" },
  },
  data: {
    redisEndpoint: "redis.example.internal",
    redisPort: 6379,
    redisUrl: "redis://redis.example.internal:6379",
    redisUrlIsSecret: false,
    redisNodeIds: ["redis-001"],
    databaseInstanceId: "proliferate-postgres",
    s3BucketName: "proliferate-files-0a1b2c3",
    s3BucketArn: "arn:aws:s3:::proliferate-files-0a1b2c3",
    databaseEndpoint: "db.example.internal",
    databasePort: 5432,
    databaseUrl: "postgresql://proliferate:p%25w@db.example.internal:5432/proliferate",
    commonSettings,
  },
  secrets: {
    gatewaySecretArn: secretArn("gateway"),
    gatewaySecretVersionId: "version-g",
    gatewaySecretKeys: ["ANTHROPIC_API_KEY", "DATABASE_URL"],
    workerSecretArn: secretArn("worker"),
    workerSecretVersionId: "version-w",
    workerSecretKeys: ["ANTHROPIC_API_KEY", "DATABASE_URL"],
    llmProxySecretArn: secretArn("llm-proxy"),
    llmProxySecretVersionId: "version-l",
    llmProxySecretKeys: ["ANTHROPIC_API_KEY", "DATABASE_URL", "LITELLM_MASTER_KEY"],
    commonSettings,
  },
  services: {
    gatewayUrl: "http://gateway.example.com",
    llmProxyUrl: "http://llm-proxy.example.com",
    gatewayRepositoryUrl: repository("gateway"),
    llmProxyRepositoryUrl: repository("llm-proxy"),
    workerRepositoryUrl: repository("worker"),
    clusterName: "proliferate",
    gatewayImageTag: "g1",
    llmProxyImageTag: "l1",
    workerImageTag: "w1",
    gatewayPreviousImageTag: "g0",
    llmProxyPreviousImageTag: "l0",
    workerPreviousImageTag: "w0",
    migrationTaskDefinitionArn: "arn:aws:ecs:us-east-1:123456789012:task-definition/proliferate-migration:1",
    gatewayTaskRoleArn: "arn:aws:iam::123456789012:role/proliferate-object-store-task-0a1b2c3",
    llmProxyTaskRoleArn: "arn:aws:iam::123456789012:role/proliferate-task-0a1b2c3",
    workerTaskRoleArn: "arn:aws:iam::123456789012:role/proliferate-object-store-task-0a1b2c3",
    gatewayServiceName: "proliferate-gateway",
    llmProxyServiceName: "proliferate-llm-proxy",
    workerServiceName: "proliferate-worker",
    servicesWithoutImage: [],
    commonSettings,
  },
};

/** Outputs of `layer` as `readUpstream` gives them, with `changes`; a key set to undefined is left out. */
export function upstreamOutputs<Name extends LayerName>(
  layer: Name,
  changes: Partial<Record<keyof OutputsOf<ContractOf<Name>>, unknown>> = {},
): UpstreamOutputs<ContractOf<Name>> {
  const entries = Object.entries({ ...goodOutputs[layer], ...changes }).filter(([, value]) => value !== undefined);
  const wrapped = entries.map(([key, value]) => {
    const secret = contracts[layer].secretKeys.includes(key);
    return [key, secret ? pulumi.secret(value) : pulumi.output(value)];
  });
  // The sample agrees with the contract; a test that changes a value does so on purpose.
  return Object.fromEntries(wrapped) as UpstreamOutputs<ContractOf<Name>>;
}
