/** Wrong configurations as data: every key missing, of the wrong kind, in plain text, and what contradicts itself. */
import { randomBytes } from "node:crypto";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { badValues } from "@proliferate-infra/testing/bad-values";
import { sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { encryptValue } from "@proliferate-infra/backend/pulumi-files/secrets";
import type { StackTextOptions } from "@proliferate-infra/testing/stack-texts";

/** Key that all secrets of the corpus are encrypted with. */
export const dataKey = randomBytes(32);
/** What stands in each file beside the settings. */
export const head = { secretsprovider: "awskms://alias/prod?region=us-east-1", encryptedkey: "AQID" };
const allKeys = Object.keys(catalog) as SettingKey[];
const secretKeys = allKeys.filter((key) => settingOf(key).secret);

/** One wrong configuration. */
interface BadConfiguration extends Partial<StackTextOptions> {
  readonly what: string;
  /** Keys that must be named, without namespace, and no others. */
  readonly keys: readonly string[];
  /** What every finding must say besides. */
  readonly contains?: string;
}

/** Texts of which one is refused by every kind that refuses anything. */
const nonsense = ["", "not a value!", "-1", "https://", "1e99"];

function refusedText(key: SettingKey): string {
  const text = nonsense.find((candidate) => settingOf(key).kind.parse(candidate) === undefined);
  if (text === undefined) {
    throw new Error(`${key} takes any of ${nonsense.join(", ")}`);
  }
  return settingOf(key).secret && text !== "" ? `${text} canary` : text;
}

/** Keys that must be set together; right when both are. */
export const bothS3Keys = { s3AccessKey: "access-canary-0123", s3SecretKey: "secret-canary-0123" };

const missing = (Object.keys(sampleValues) as SettingKey[]).map((key): BadConfiguration => ({
  what: `${key} missing`,
  changes: { [key]: undefined },
  keys: [key],
  contains: "is missing",
}));

const wrongKind = allKeys.map((key): BadConfiguration => {
  const others: SampleChanges = key.startsWith("s3") && settingOf(key).secret ? bothS3Keys : {};
  const changes = { ...others, [key]: refusedText(key) };
  return { what: `${key} of the wrong kind`, changes, keys: [key], contains: settingOf(key).kind.allowed };
});

const plainSecrets = secretKeys.map((key): BadConfiguration => {
  const others: SampleChanges = key.startsWith("s3") ? bothS3Keys : {};
  const changes = { ...others, [key]: { text: "plain-canary-0123456789abcdef0123", secret: false } };
  return { what: `${key} as plain text`, changes, keys: [key], contains: "plain text" };
});

const contradictions = badValues.map(([layer, changes, key]): BadConfiguration => ({
  what: `${layer} with ${JSON.stringify(changes)}`,
  changes,
  keys: [key],
}));

const special: readonly BadConfiguration[] = [
  { what: "no region", changes: { "aws:region": undefined }, keys: ["aws:region"], contains: "such as us-east-1" },
  { what: "a zone for a region", changes: { "aws:region": "us-east-1a" }, keys: ["aws:region"] },
  {
    what: "a region that one layer does not share",
    changesIn: { data: { "aws:region": "eu-west-1" } },
    keys: ["aws:region"],
    contains: "must agree",
  },
  {
    what: "a prefix that one layer does not share",
    changesIn: { services: { resourcePrefix: "other" } },
    keys: ["resourcePrefix"],
    contains: "must agree",
  },
  {
    what: "a profile that one layer does not share",
    changesIn: { network: { deploymentProfile: "self_host" } },
    keys: ["deploymentProfile"],
    contains: "must agree",
  },
  {
    what: "a port that one layer does not share",
    changesIn: { services: { gatewayPort: "9000" } },
    keys: ["gatewayPort"],
    contains: "must agree",
  },
  {
    what: "Modal without its tokens and app",
    changes: { defaultSandboxProvider: "modal" },
    keys: ["modalTokenId", "modalTokenSecret", "modalAppName"],
    contains: "because defaultSandboxProvider",
  },
  {
    what: "E2B without its template",
    changes: { e2bTemplate: undefined, e2bTemplateAlias: undefined },
    keys: ["e2bTemplate", "e2bTemplateAlias"],
  },
  {
    what: "integrations without Nango",
    changes: { integrationsEnabled: "true" },
    keys: ["nangoSecretKey", "nangoGithubIntegrationId", "nangoLinearIntegrationId", "nangoSentryIntegrationId"],
  },
  {
    what: "full verification without certificates",
    changes: { databaseTlsVerification: "full" },
    keys: ["databaseCaBundlePath"],
  },
  { what: "no Postgres, and none elsewhere", changes: { enableRds: "false" }, keys: ["databaseUrlOverride"] },
  {
    what: "a misspelt key",
    entriesIn: { network: { "proliferate-network:vpcCider": "10.0.0.0/16" } },
    keys: ["vpcCider"],
    contains: "did you mean vpcCidr?",
  },
  {
    what: "a key of another layer",
    entriesIn: { network: { "proliferate-network:dbPassword": { secure: "v1:AAAA:BBBB" } } },
    keys: ["dbPassword"],
  },
  {
    what: "a list for a number",
    entriesIn: { services: { "proliferate-services:gatewayCpu": [512] } },
    keys: ["gatewayCpu"],
  },
  {
    what: "a map for a text",
    entriesIn: { services: { "proliferate-services:appUrl": { url: "https://x.example" } } },
    keys: ["appUrl"],
  },
  {
    what: "a number for a switch",
    entriesIn: { network: { "proliferate-network:enableFlowLogs": 1 } },
    keys: ["enableFlowLogs"],
  },
  {
    what: "nothing for a number",
    entriesIn: { services: { "proliferate-services:workerPort": null } },
    keys: ["workerPort"],
  },
  {
    what: "a secret of another stack",
    entriesIn: { data: { "proliferate-data:dbPassword": { secure: encryptValue(randomBytes(32), "foreign-canary") } } },
    keys: ["dbPassword"],
    contains: "cannot be decrypted",
  },
  {
    what: "a damaged secret",
    entriesIn: { secrets: { "proliferate-secrets:e2bApiKey": { secure: "v1:damaged-canary" } } },
    keys: ["e2bApiKey"],
    contains: "cannot be decrypted",
  },
  {
    what: "secrets without what opens them",
    head: { secretsprovider: head.secretsprovider },
    keys: secretKeys.filter((key) => key in sampleValues),
  },
  {
    what: "several at once",
    changes: {
      ...{ vpcCidr: "10.0.0.0/8", natGateways: "two", dbPassword: "bad canary@", llmProxyMasterKey: "bad-canary" },
      ...{ gatewayMemory: "512", githubAppId: undefined, anthropicApiKey: { text: "plain-canary", secret: false } },
    },
    changesIn: { services: { defaultSandboxProvider: "modal" } },
    keys: [
      "vpcCidr",
      "natGateways",
      "dbPassword",
      "llmProxyMasterKey",
      "gatewayMemory",
      "githubAppId",
      "anthropicApiKey",
      "defaultSandboxProvider",
      "modalAppName",
    ],
  },
];

/** All of them. */
export const corpus = [...missing, ...wrongKind, ...plainSecrets, ...contradictions, ...special];
