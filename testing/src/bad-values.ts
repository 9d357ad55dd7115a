/** Invalid changes of the sample configuration: the layer that reports the error, the change, the key in the error. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import type { SampleChanges } from "./sample-configuration.ts";

const sidecarsNamed = (...names: string[]) =>
  JSON.stringify(names.map((name) => ({ name, image: "collector:1", essential: false })));

/** Each entry has one invalid change. */
export const badValues: readonly (readonly [LayerName, SampleChanges, SettingKey])[] = [
  ["network", { dbAllowedCidrs: "::/0" }, "dbAllowedCidrs"],
  ["network", { publicSubnetCidrs: "10.0.1.0/24,10.0.102.0/24" }, "privateSubnetCidrs"],
  ["network", { publicSubnetCidrs: "10.1.1.0/24,10.0.102.0/24" }, "publicSubnetCidrs"],
  ["network", { publicSubnetCidrs: "10.0.101.0/24" }, "publicSubnetCidrs"],
  ["network", { availabilityZones: "us-east-1a,us-east-1a" }, "availabilityZones"],
  ["network", { availabilityZones: "us-east-1a,eu-west-1b" }, "availabilityZones"],
  ["network", { resourcePrefix: "Proliferate" }, "resourcePrefix"],
  ["network", { gatewayPort: "80" }, "gatewayPort"],
  ["network", { enableFlowLogs: "yes" }, "enableFlowLogs"],
  ["data", { dbPassword: "with@at-sign" }, "dbPassword"],
  ["data", { enableRds: "false" }, "databaseUrlOverride"],
  ["data", { enableRds: "false", databaseUrlOverride: "mysql://db" }, "databaseUrlOverride"],
  [
    "data",
    { enableRds: "false", databaseUrlOverride: "postgres://app:pw@db/app?sslmode=no-verify" },
    "databaseUrlOverride",
  ],
  [
    "data",
    { enableRds: "false", databaseUrlOverride: "postgres://app:pw@db/app?sslmode=verify-full&sslrootcert=/ca.pem" },
    "databaseUrlOverride",
  ],
  ["data", { redisTransitEncryption: "true" }, "redisTransitEncryption"],
  ["data", { redisAuthToken: "0123456789abcdef" }, "redisTransitEncryption"],
  ["data", { dbMaxAllocatedStorageGb: "20", dbAllocatedStorageGb: "50" }, "dbMaxAllocatedStorageGb"],
  ["data", { dbUsername: "postgres" }, "dbUsername"],
  ["secrets", { s3AccessKey: "only-one" }, "s3SecretKey"],
  ["secrets", { githubAppPrivateKey: "not a key" }, "githubAppPrivateKey"],
  ["secrets", { llmProxyMasterKey: "no-prefix-0123456789" }, "llmProxyMasterKey"],
  ["secrets", { extraSecrets: '{"A": 1}' }, "extraSecrets"],
  ["secrets", { llmProxyExtraSecrets: '{"A-B": "1"}' }, "llmProxyExtraSecrets"],
  ["services", { llmProxyExtraEnvironment: '{"1A": "1"}' }, "llmProxyExtraEnvironment"],
  ["secrets", { secretRecoveryWindowDays: "3" }, "secretRecoveryWindowDays"],
  ["secrets", { databaseTlsVerification: "full" }, "databaseCaBundlePath"],
  ["services", { gatewayMemory: "512" }, "gatewayMemory"],
  ["services", { gatewayMinCount: "2" }, "gatewayDesiredCount"],
  ["services", { appUrl: "app.example.com" }, "appUrl"],
  [
    "services",
    {
      gatewayCertificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/1-2",
      gatewayPublicUrl: "https://gateway.example.com",
    },
    "gatewayCertificateArn",
  ],
  ["services", { gatewayCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1-2" }, "gatewayPublicUrl"],
  ["services", { llmProxyCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1-2" }, "llmProxyPublicUrl"],
  ["services", { kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1-2" }, "kmsKeyArn"],
  ["services", { protectResources: "false", pauseAt: "cron(0 20 ? * * *)" }, "resumeAt"],
  ["services", { protectResources: "false", resumeAt: "cron(0 6 ? * * *)" }, "pauseAt"],
  ["services", { pauseAt: "cron(0 20 ? * * *)", resumeAt: "cron(0 6 ? * * *)" }, "pauseAt"],
  ["services", { migrationCommand: "node migrate.js" }, "migrationCommand"],
  ["services", { s3KmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1-2" }, "s3KmsKeyArn"],
  ["services", { workerTaskPolicyArns: "AdministratorAccess" }, "workerTaskPolicyArns"],
  ["services", { gatewayCommand: "node server.js" }, "gatewayCommand"],
  ["services", { workerReadonlyRootFilesystem: "true", enableExecuteCommand: "true" }, "workerReadonlyRootFilesystem"],
  ["services", { gatewayCpuArchitecture: "arm64" }, "gatewayCpuArchitecture"],
  ["services", { workerSidecars: '[{"name": "worker", "image": "a:1", "essential": true}]' }, "workerSidecars"],
  ["services", { workerSidecars: '[{"name": "a", "image": "a:1", "essential": true, "port": 1}]' }, "workerSidecars"],
  ["services", { workerSidecars: sidecarsNamed("a", "a") }, "workerSidecars"],
  ["services", { workerSidecars: sidecarsNamed("a", "b", "c", "d", "e", "f", "g", "h", "i", "j") }, "workerSidecars"],
  ["services", { workerEphemeralStorageGiB: "20" }, "workerEphemeralStorageGiB"],
  ["services", { llmProxyHealthCheckPath: '/"); process.exit(0' }, "llmProxyHealthCheckPath"],
  ["services", { gatewayHealthCheckGracePeriodSeconds: "-1" }, "gatewayHealthCheckGracePeriodSeconds"],
  ["services", { llmProxyIdleTimeoutSeconds: "4001" }, "llmProxyIdleTimeoutSeconds"],
  ["services", { gatewayImageTag: "sha256:12" }, "gatewayImageTag"],
  ["services", { logRetentionDays: "31" }, "logRetentionDays"],
  ["services", { gatewayImageTag: "" }, "gatewayImageTag"],
];
