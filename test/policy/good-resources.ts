/** A resource of each kind that keeps to every rule; tests change one property at a time. */
import { denyPlainHttp, policyDocument } from "@proliferate-infra/shared/aws/iam";
import type { Properties } from "@proliferate-infra/policy/control.ts";

const trust = {
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ],
};

const rolePolicy = {
  Statement: [
    { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    {
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: ["arn:aws:secretsmanager:us-east-1:1:secret:a"],
    },
    { Effect: "Deny", Action: "*", Resource: "*" },
  ],
};

/** A container that keeps to every rule. */
export const goodContainer = {
  name: "gateway",
  readonlyRootFilesystem: true,
  environment: [{ name: "REDIS_URL", value: "redis://redis.example.internal:6379" }],
  logConfiguration: { logDriver: "awslogs", options: { mode: "non-blocking" } },
};

const redis = { snapshotRetentionLimit: 7, autoMinorVersionUpgrade: "true", subnetGroupName: "redis" };

/** Properties by type token. */
export const goodResources: Readonly<Record<string, Properties>> = {
  "aws:s3/bucket:Bucket": { forceDestroy: false },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    ...{ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  },
  "aws:s3/bucketVersioning:BucketVersioning": { versioningConfiguration: { status: "Enabled" } },
  "aws:s3/bucketPolicy:BucketPolicy": { policy: JSON.stringify(policyDocument(denyPlainHttp("arn:aws:s3:::files"))) },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { ingress: [], egress: [] },
  "aws:ec2/subnet:Subnet": { mapPublicIpOnLaunch: false },
  "aws:ec2/securityGroup:SecurityGroup": { description: "Tasks of the gateway", ingress: [], egress: [] },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    ...{ cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443, description: "From the Internet" },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { description: "To the Internet" },
  "aws:rds/parameterGroup:ParameterGroup": { parameters: [{ name: "rds.force_ssl", value: "1" }] },
  "aws:rds/instance:Instance": {
    storageEncrypted: true,
    publiclyAccessible: false,
    deletionProtection: true,
    skipFinalSnapshot: false,
    backupRetentionPeriod: 7,
    deleteAutomatedBackups: false,
    autoMinorVersionUpgrade: true,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    copyTagsToSnapshot: true,
    username: "proliferate",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    dbSubnetGroupName: "postgres",
  },
  "aws:elasticache/cluster:Cluster": { ...redis, transitEncryptionEnabled: true },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    ...redis,
    atRestEncryptionEnabled: "true",
    transitEncryptionEnabled: true,
    authToken: "[secret]",
    numCacheClusters: 2,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
  },
  "aws:secretsmanager/secret:Secret": { recoveryWindowInDays: 7 },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    blockPublicPolicy: true,
    policy: JSON.stringify({ Statement: { Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" }, Action: "*" } }),
  },
  "aws:kms/key:Key": { enableKeyRotation: true },
  "aws:ecs/service:Service": {
    networkConfiguration: { assignPublicIp: false },
    platformVersion: "LATEST",
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    containerDefinitions: JSON.stringify([goodContainer]),
    networkMode: "awsvpc",
    executionRoleArn: "arn:aws:iam::1:role/execution",
    taskRoleArn: "arn:aws:iam::1:role/task",
  },
  "aws:ecr/repository:Repository": {
    ...{ imageScanningConfiguration: { scanOnPush: true }, imageTagMutability: "IMMUTABLE", forceDelete: false },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    ...{ repository: "gateway", policy: JSON.stringify({ rules: [{ rulePriority: 1 }] }) },
  },
  "aws:lb/listener:Listener": { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
  "aws:lb/loadBalancer:LoadBalancer": {
    ...{ dropInvalidHeaderFields: true, desyncMitigationMode: "defensive", enableDeletionProtection: true },
  },
  "aws:lb/targetGroup:TargetGroup": { healthCheck: { path: "/health" } },
  "aws:iam/rolePolicy:RolePolicy": { policy: JSON.stringify(rolePolicy) },
  "aws:iam/policy:Policy": { policy: JSON.stringify(rolePolicy) },
  "aws:iam/role:Role": { assumeRolePolicy: JSON.stringify(trust) },
  "aws:cloudwatch/logGroup:LogGroup": { retentionInDays: 30 },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { alarmActions: ["arn:aws:sns:us-east-1:1:alarms"], actionsEnabled: true },
};
