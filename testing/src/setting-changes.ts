/** One change of every setting, to prove what the catalog says of its effects. */
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { prefixed } from "@proliferate-infra/shared/settings/task-settings";
import { sampleValues, type SampleChanges } from "./sample-configuration.ts";

interface SettingChange {
  /** Value after the change; undefined removes the key. */
  readonly to: string | undefined;
  /** Value before the change, where it is not the sample's. */
  readonly from?: string;
  /** Other settings, before and after the change. */
  readonly with?: SampleChanges;
  /** Other settings that change together with it. */
  readonly together?: SampleChanges;
}

/** An environment with an image of every service and all settings that any provider or integration needs. */
export const effectsEnvironment: SampleChanges = {
  gatewayImageTag: "v1",
  llmProxyImageTag: "v1",
  workerImageTag: "v1",
  modalTokenId: "modal-id-canary",
  modalTokenSecret: "modal-secret-canary",
  modalAppName: "proliferate",
  nangoSecretKey: "nango-canary",
  nangoGithubIntegrationId: "github-1",
  nangoLinearIntegrationId: "linear-1",
  nangoSentryIntegrationId: "sentry-1",
  secretRecoveryWindowDays: "7",
};

const ACCOUNT = "123456789012";
const key = (id: string) => `arn:aws:kms:us-east-1:${ACCOUNT}:key/${id}`;
const certificate = (id: string) => `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/${id}`;
const bool = { to: "true" } as const;
const variables = { to: '{"OTHER_NAME":"other-canary"}' } as const;
/** Another value of a secret. */
const secret = (name: SettingKey): SettingChange => ({ to: `${sampleValues[name] ?? ""}another-canary-0123456789` });
const other = { to: "other" } as const;
const replicated = { redisReplicationEnabled: "true" } as const;
const encrypted = { ...replicated, redisTransitEncryption: "true" } as const;
const token = { ...encrypted, redisAuthToken: "token-canary-0123456789" } as const;
const alarms = { alarmTopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:alarms` } as const;
const withoutRds = {
  enableRds: "false",
  databaseUrlOverride: "postgres://app:override-canary@db.example.com:6543/app",
} as const;
const staticKeys = { s3AccessKey: "access-canary", s3SecretKey: "secret-canary" } as const;
const zone = { hostedZoneId: "Z0123456789ABCDEFGHIJ" } as const;
const pause = { pauseAt: "cron(0 20 ? * MON-FRI *)", resumeAt: "cron(0 6 ? * MON-FRI *)" } as const;

const common = {
  environment: other,
  resourcePrefix: other,
  extraTags: { to: '{"CostCenter":"42"}' },
  permissionsBoundaryArn: { to: `arn:aws:iam::${ACCOUNT}:policy/boundary` },
  deploymentProfile: { to: "self_host" },
  protectResources: bool,
  createS3Bucket: { to: "true", together: { s3Bucket: undefined } },
  enableLlmProxy: { to: "false" },
  gatewayPort: { to: "8788" },
  llmProxyPort: { to: "4001" },
  defaultSandboxProvider: { to: "modal" },
  integrationsEnabled: bool,
  kmsKeyArn: { to: key("11111111-2222-3333-4444-555555555555") },
  alarmTopicArn: { to: alarms.alarmTopicArn },
  applicationDatabaseDriver: { to: "node-postgres" },
  databaseTlsVerification: { to: "full", with: { databaseCaBundlePath: "/etc/rds.pem" } },
  databaseCaBundlePath: { from: "/etc/rds.pem", to: "/etc/other.pem", with: { databaseTlsVerification: "full" } },
} as const;

const network = {
  vpcCidr: { to: "10.1.0.0/16" },
  publicSubnetCidrs: { to: "10.0.201.0/24,10.0.202.0/24" },
  privateSubnetCidrs: { to: "10.0.211.0/24,10.0.212.0/24" },
  availabilityZones: { from: "us-east-1a,us-east-1b", to: "us-east-1a,us-east-1c" },
  natGateways: { to: "per-zone" },
  enableFlowLogs: bool,
  enableInterfaceEndpoints: bool,
  dbAllowedCidrs: { to: "192.0.2.0/24" },
} as const;

const data = {
  applyChanges: { to: "in-window" },
  redisMaintenanceWindow: { from: "sun:03:00-sun:04:00", to: "mon:03:00-mon:04:00" },
  dbMaintenanceWindow: { from: "sun:05:00-sun:06:00", to: "mon:05:00-mon:06:00" },
  redisReplicationEnabled: bool,
  redisNodeType: { to: "cache.t4g.medium", with: replicated },
  redisEngineVersion: { from: "7.0", to: "7.1", with: replicated },
  redisReplicaCount: { to: "2", with: replicated },
  redisSnapshotRetentionDays: { to: "14" },
  redisTransitEncryption: { ...bool, with: { ...replicated, redisTransitEncryptionMode: "preferred" } },
  redisTransitEncryptionMode: { from: "preferred", to: "required", with: encrypted },
  redisAuthToken: { from: token.redisAuthToken, to: "another-canary-0123456789", with: encrypted },
  redisAuthTokenUpdateStrategy: { to: "ROTATE", with: token },
  enableRds: { to: "false", with: { databaseUrlOverride: withoutRds.databaseUrlOverride } },
  dbPassword: secret("dbPassword"),
  databaseUrlOverride: {
    from: withoutRds.databaseUrlOverride,
    to: "postgres://app:another-canary@db.example.com:6543/app",
    with: { ...withoutRds, dbPassword: undefined },
  },
  dbName: other,
  dbUsername: other,
  dbInstanceClass: { to: "db.t4g.medium" },
  dbEngineVersion: { to: "17" },
  dbAllocatedStorageGb: { to: "40" },
  dbMaxAllocatedStorageGb: { to: "200" },
  dbBackupRetentionDays: { to: "14" },
  finalSnapshots: bool,
  dbMultiAz: bool,
  dbConnectionsAlarm: { to: "100", with: alarms },
  dbIamAuthentication: bool,
  dbEnhancedMonitoringSeconds: { to: "60" },
} as const;

const secrets = {
  serviceAuthToken: secret("serviceAuthToken"),
  userSecretsEncryptionKey: secret("userSecretsEncryptionKey"),
  anthropicApiKey: secret("anthropicApiKey"),
  betterAuthSecret: secret("betterAuthSecret"),
  gatewayJwtSecret: secret("gatewayJwtSecret"),
  githubAppPrivateKey: { to: "-----BEGIN RSA PRIVATE KEY-----\nQU5PVEhFUg==\n-----END RSA PRIVATE KEY-----\n" },
  githubAppWebhookSecret: secret("githubAppWebhookSecret"),
  billingJwtSecret: secret("billingJwtSecret"),
  autumnApiKey: secret("autumnApiKey"),
  resendApiKey: secret("resendApiKey"),
  e2bApiKey: secret("e2bApiKey"),
  modalTokenId: secret("modalTokenId"),
  modalTokenSecret: secret("modalTokenSecret"),
  nangoSecretKey: secret("nangoSecretKey"),
  llmProxyMasterKey: secret("llmProxyMasterKey"),
  s3AccessKey: { to: staticKeys.s3AccessKey, together: staticKeys },
  s3SecretKey: { from: staticKeys.s3SecretKey, to: "another-canary", with: staticKeys },
  gatewayExtraSecrets: variables,
  llmProxyExtraSecrets: variables,
  workerExtraSecrets: variables,
  extraSecrets: { to: '{"COMMON_NAME":"common-canary"}' },
  secretRecoveryWindowDays: { to: "14" },
} as const;

const environment = {
  billingEnabled: { to: "false" },
  githubAppId: { to: "54321" },
  githubAppSlug: other,
  autumnApiUrl: { to: "https://autumn.example.com" },
  emailFrom: { to: "other@example.com" },
  e2bDomain: other,
  e2bTemplate: other,
  e2bTemplateAlias: other,
  modalAppName: other,
  nangoGithubIntegrationId: other,
  nangoLinearIntegrationId: other,
  nangoSentryIntegrationId: other,
  appUrl: { to: "https://other.example.com" },
  apiUrl: { to: "https://api.example.com" },
  gatewayPublicUrl: { to: "https://gateway.example.com" },
  llmProxyPublicUrl: { to: "https://llm.example.com" },
  s3Bucket: { to: "other-files" },
  s3Region: { to: "eu-west-1" },
  s3KmsKeyArn: { to: key("66666666-7777-8888-9999-000000000000") },
  s3EndpointUrl: { to: "https://s3.example.com" },
  workerPort: { to: "3003" },
  extraEnvironment: { to: '{"COMMON_VARIABLE":"common"}' },
  gatewayExtraEnvironment: { to: '{"OWN_VARIABLE":"gateway"}' },
  llmProxyExtraEnvironment: { to: '{"OWN_VARIABLE":"llm-proxy"}' },
  workerExtraEnvironment: { to: '{"OWN_VARIABLE":"worker"}' },
} as const;

const publicUrls = {
  gatewayPublicUrl: "https://gateway.example.com",
  llmProxyPublicUrl: "https://llm.example.com",
} as const;
const domains = {
  hostedZoneId: {
    from: zone.hostedZoneId,
    to: "Z9876543210ABCDEFGHIJ",
    with: { gatewayDomain: "gateway.example.com" },
  },
  gatewayDomain: { to: "gateway.example.com", with: zone },
  llmProxyDomain: { to: "llm.example.com", with: zone },
  gatewayCertificateArn: { to: certificate("11111111-1111"), with: publicUrls },
  llmProxyCertificateArn: { to: certificate("22222222-2222"), with: publicUrls },
  allowPlainHttp: bool,
  replaceDnsRecords: bool,
} as const;

const sidecars = {
  to: '[{"name":"traces","image":"public.ecr.aws/example/collector:1.0","essential":false}]',
} as const;
const policies = { to: "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess" } as const;

/** Changes of one service's task, by key without the service's name. */
const task = {
  ImageTag: { to: "v2" },
  DesiredCount: { to: "2" },
  MinCount: { to: "0" },
  MaxCount: { to: "5" },
  Command: { to: '["node","other.js"]' },
  CpuArchitecture: { to: "ARM64" },
  Sidecars: sidecars,
  TaskPolicyArns: policies,
  EphemeralStorageGiB: { to: "30" },
  HealthCheckPath: { to: "/other" },
} as const;
/** Sizes that Fargate supports together. */
const middle = { Cpu: { to: "256" }, Memory: { to: "2048" } } as const;
const behindLoadBalancer = {
  HealthCheckGracePeriodSeconds: { to: "200" },
  IdleTimeoutSeconds: { to: "400" },
} as const;

const tasks = {
  ...prefixed("gateway", { ...task, ...middle, ...behindLoadBalancer, ReadonlyRootFilesystem: { to: "false" } }),
  ...prefixed("llmProxy", { ...task, ...middle, ...behindLoadBalancer, ReadonlyRootFilesystem: bool }),
  ...prefixed("worker", { ...task, Memory: { to: "1024" }, ReadonlyRootFilesystem: { to: "false" } }),
  workerCpu: { to: "512", with: { workerMemory: "1024" } },
  containerUser: { to: "1000" },
  migrationCommand: { to: '["node","migrate.js"]' },
} as const;

const operations = {
  requestsPerTarget: { to: "500" },
  pauseAt: { to: pause.pauseAt, together: pause },
  resumeAt: { from: pause.resumeAt, to: "cron(0 7 ? * MON-FRI *)", with: pause },
  pauseTimeZone: { to: "Europe/Berlin", with: pause },
  logRetentionDays: { to: "60" },
  albIdleTimeoutSeconds: { to: "400" },
  containerInsights: { to: "disabled" },
  enableExecuteCommand: bool,
  enableDashboard: { to: "false" },
  albAccessLogsBucket: { to: "other-logs" },
} as const;

/** A change of every setting. */
export const settingChanges: Readonly<Record<SettingKey, SettingChange>> = {
  ...common,
  ...network,
  ...data,
  ...secrets,
  ...environment,
  ...domains,
  ...tasks,
  ...operations,
};

/** The settings before and after the change of a key. */
export function beforeAndAfter(name: SettingKey): { readonly before: SampleChanges; readonly after: SampleChanges } {
  const { from, to, with: others, together } = settingChanges[name];
  const before = { ...effectsEnvironment, ...others, ...(from !== undefined && { [name]: from }) };
  return { before, after: { ...before, ...together, [name]: to } };
}
