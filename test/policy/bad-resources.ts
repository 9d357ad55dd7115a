/** For each control, what breaks it: properties that are put over those of a good resource. */
import { denyPlainHttp, policyDocument } from "@proliferate-infra/shared/aws/iam";
import type { Properties } from "@proliferate-infra/policy/control.ts";
import { goodContainer } from "./good-resources.ts";

const world = (fromPort: number, toPort: number, more: Properties = {}): Properties => ({ fromPort, toPort, ...more });
const container = (changes: Properties): Properties => ({
  containerDefinitions: JSON.stringify([{ ...goodContainer, ...changes }]),
});
const allow = (Action: unknown, Resource: unknown): Properties => ({
  policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] }),
});
const undescribed: readonly Properties[] = [
  { description: "" },
  { description: "Managed by Pulumi" },
  { description: undefined },
];
const administrator = [allow("*", "arn:aws:s3:::a"), allow(["ecs:*"], ["arn:aws:ecs:us-east-1:1:cluster/a"])];
const openResource = [allow("secretsmanager:GetSecretValue", "*"), allow(["s3:GetObject"], ["*", "arn:aws:s3:::a"])];

/** Changes by control. */
export const badResources: Readonly<Record<string, readonly Properties[]>> = {
  "bucket-is-not-emptied": [{ forceDestroy: true }],
  "bucket-is-private": [{ blockPublicAcls: false }, { restrictPublicBuckets: undefined }],
  "bucket-is-encrypted": [{ rules: [] }, { rules: [{ bucketKeyEnabled: true }] }],
  "bucket-is-versioned": [{ versioningConfiguration: { status: "Suspended" } }, { versioningConfiguration: undefined }],
  "bucket-speaks-tls": [
    { policy: JSON.stringify({ Statement: [] }) },
    {
      policy: JSON.stringify({
        Statement: [
          ...policyDocument(denyPlainHttp("arn:aws:s3:::files")).Statement,
          { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
        ],
      }),
    },
  ],
  "default-security-group-is-empty": [{ ingress: [{ protocol: "-1" }] }, { egress: [{ protocol: "-1" }] }],
  "no-public-address-on-launch": [{ mapPublicIpOnLaunch: true }],
  "no-administration-from-the-internet": [
    world(22, 22),
    world(0, 65535),
    world(3389, 3389),
    world(0, 0, { ipProtocol: "-1" }),
    world(20, 25, { cidrIpv4: undefined, cidrIpv6: "::/0" }),
  ],
  "no-data-from-the-internet": [world(5432, 5432), world(6379, 6379), world(5000, 7000)],
  "only-http-from-the-internet": [world(8787, 8787), world(80, 443), world(0, 0, { ipProtocol: "-1" })],
  "security-group-rules-are-separate": [{ ingress: [{ fromPort: 22 }] }, { egress: [{ fromPort: 0 }] }],
  "security-groups-are-described": undescribed,
  "ingress-rules-are-described": undescribed,
  "egress-rules-are-described": undescribed,
  "database-is-encrypted": [{ storageEncrypted: false }, { storageEncrypted: undefined }],
  "database-is-private": [{ publiclyAccessible: true }],
  "database-refuses-plain-connections": [{ parameters: [] }, { parameters: [{ name: "rds.force_ssl", value: "0" }] }],
  "database-cannot-be-deleted-by-accident": [{ deletionProtection: false }],
  "database-leaves-a-final-snapshot": [{ skipFinalSnapshot: true }],
  "database-is-backed-up-for-a-week": [{ backupRetentionPeriod: 0 }, { backupRetentionPeriod: 6 }],
  "database-backups-outlive-it": [{ deleteAutomatedBackups: true }],
  "database-gets-minor-upgrades": [{ autoMinorVersionUpgrade: false }],
  "database-exports-its-logs": [
    { enabledCloudwatchLogsExports: ["upgrade"] },
    { enabledCloudwatchLogsExports: undefined },
  ],
  "database-tags-its-snapshots": [{ copyTagsToSnapshot: false }],
  "database-user-is-not-the-default": [{ username: "postgres" }, { username: "admin" }],
  "database-names-its-certificate-authority": [{ caCertIdentifier: undefined }],
  "database-is-in-its-own-subnets": [{ dbSubnetGroupName: undefined }],
  "redis-is-encrypted": [{ atRestEncryptionEnabled: "false" }, { atRestEncryptionEnabled: undefined }],
  "redis-speaks-tls": [{ transitEncryptionEnabled: false }],
  "redis-node-speaks-tls": [{ transitEncryptionEnabled: undefined }],
  "redis-asks-for-a-token": [{ authToken: undefined }],
  "redis-fails-over": [{ automaticFailoverEnabled: false }, { multiAzEnabled: false }],
  "redis-group-is-backed-up": [{ snapshotRetentionLimit: 0 }],
  "redis-node-is-backed-up": [{ snapshotRetentionLimit: undefined }],
  "redis-group-gets-minor-upgrades": [{ autoMinorVersionUpgrade: "false" }],
  "redis-node-gets-minor-upgrades": [{ autoMinorVersionUpgrade: "false" }],
  "redis-group-is-in-its-own-subnets": [{ subnetGroupName: undefined }],
  "redis-node-is-in-its-own-subnets": [{ subnetGroupName: "" }],
  "secret-can-be-recovered": [{ recoveryWindowInDays: 0 }],
  "secret-is-not-public": [
    { blockPublicPolicy: false },
    { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "*" }] }) },
    { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: ["*"] }, Action: "*" }] }) },
  ],
  "key-is-rotated": [{ enableKeyRotation: false }],
  "tasks-have-no-public-address": [{ networkConfiguration: { assignPublicIp: true } }],
  "containers-have-no-secrets-in-variables": [
    container({ environment: [{ name: "STRIPE_API_KEY", value: "1" }] }),
    container({ environment: [{ name: "DB_PASSWORD", value: "1" }] }),
    container({ environment: [{ name: "REDIS_URL", value: "rediss://:token@redis.example.internal:6379" }] }),
  ],
  "containers-cannot-write-their-root": [
    container({ readonlyRootFilesystem: false }),
    container({ readonlyRootFilesystem: undefined }),
  ],
  "containers-are-not-privileged": [container({ privileged: true })],
  "tasks-share-nothing-with-the-host": [{ networkMode: "host" }, { pidMode: "host" }],
  "containers-log-without-blocking": [
    container({ logConfiguration: undefined }),
    container({ logConfiguration: { logDriver: "awslogs", options: {} } }),
    container({ logConfiguration: { logDriver: "json-file", options: { mode: "non-blocking" } } }),
  ],
  "tasks-have-roles-of-their-own": [{ taskRoleArn: undefined }, { taskRoleArn: "arn:aws:iam::1:role/execution" }],
  "services-run-on-the-latest-platform": [{ platformVersion: "1.3.0" }],
  "bad-deployments-are-rolled-back": [
    { deploymentCircuitBreaker: undefined },
    { deploymentCircuitBreaker: { enable: true, rollback: false } },
  ],
  "images-are-scanned": [
    { imageScanningConfiguration: undefined },
    { imageScanningConfiguration: { scanOnPush: false } },
  ],
  "image-tags-do-not-move": [{ imageTagMutability: "MUTABLE" }, { imageTagMutability: undefined }],
  "repository-is-not-emptied": [{ forceDelete: true }],
  "images-expire": [{ policy: JSON.stringify({ rules: [] }) }, { repository: undefined }],
  "tls-is-1-2-or-newer": [{ sslPolicy: "ELBSecurityPolicy-2016-08" }, { sslPolicy: undefined }],
  "load-balancer-speaks-tls": [{ protocol: "HTTP", defaultActions: [{ type: "forward" }] }],
  "load-balancer-drops-bad-headers": [{ dropInvalidHeaderFields: false }],
  "load-balancer-refuses-desynchronised-requests": [{ desyncMitigationMode: "monitor" }],
  "load-balancer-cannot-be-deleted-by-accident": [{ enableDeletionProtection: false }],
  "targets-are-checked": [{ healthCheck: undefined }, { healthCheck: { path: "/health", enabled: false } }],
  "role-policy-is-no-administrator": administrator,
  "policy-is-no-administrator": administrator,
  "role-policy-names-its-resources": openResource,
  "policy-names-its-resources": openResource,
  "role-is-assumed-for-this-account-only": [
    {
      assumeRolePolicy: JSON.stringify({
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }],
      }),
    },
  ],
  "logs-end-some-day": [{ retentionInDays: 0 }, { retentionInDays: undefined }],
  "alarms-are-told-to-somebody": [{ alarmActions: [] }, { actionsEnabled: false }],
};
