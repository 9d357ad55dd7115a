/** Generates docs/configuration.md and each layer's settings.example.yaml from the catalog. Pure. */
import { stringify } from "yaml";
import {
  databaseNameLimits,
  databaseUserLimits,
  resourcePrefixLimits,
  sizeLimits,
  type NameLimit,
} from "../aws/aws-limits.ts";
import { layerByName, layerNames, type LayerName } from "../layers.ts";
import { catalog, keysOf, settingOf, type SettingKey } from "./catalog.ts";
import { effectText } from "./effect.ts";
import { fullKey } from "./fault.ts";
import { providerSection } from "./provider-settings.ts";
import { sampleValues } from "./sample-values.ts";
import { requirementOf, type Setting } from "./setting.ts";

/** Returns when a key must be set: `required`, `required when ...`, `optional` or its default. */
function presence(setting: Setting): string {
  const when = requirementOf(setting)?.when;
  if (when !== undefined) {
    return when === "always" ? "required" : `required when ${when}`;
  }
  return setting.default === undefined ? "optional" : `default ${setting.default.shown}`;
}

function rotationText({ rotation }: Setting): string {
  if (rotation === undefined) {
    return "";
  }
  const consent = rotation.loses === undefined ? "" : ` Needs \`--accept ${rotation.loses}\`.`;
  return ` Rotation: ${rotation.effect}${consent}`;
}

function meaning({ description, inherited, layers: [first, ...others] }: Setting): string {
  return inherited === true
    ? `${description} Set it in ${first}; ${others.join(", ")} reads it from the outputs of ${first}.`
    : description;
}

function tableRow(key: SettingKey): string {
  const setting = settingOf(key);
  const layers = setting.layers.length === layerNames.length ? "all" : setting.layers.join(", ");
  const cells = [
    `\`${key}\``,
    layers,
    setting.secret ? "yes" : "",
    presence(setting),
    setting.kind.allowed,
    setting.variable === undefined ? "" : `\`${setting.variable}\``,
    `${meaning(setting)}${rotationText(setting)}`,
    setting.effects.map(effectText).join(" "),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const documentHead = `# Configuration

\`pnpm generate\` writes this document from the catalog in \`shared/src/settings/\`; a test checks that it is current.

Settings are native Pulumi configuration in \`stacks/<layer>/Pulumi.<stack>.yaml\`. This file is not committed;
\`settings.example.yaml\` in the same folder has every key. A key's namespace is the layer's project:

\`\`\`sh
scripts/configure.sh --stack prod                                                       # prompts for missing settings
scripts/configure.sh set --stack prod vpcCidr=10.20.0.0/16                              # in all layers of the key
scripts/configure.sh set --stack prod --secret dbPassword                               # or from standard input
pulumi config set proliferate-network:vpcCidr 10.20.0.0/16 --stack prod --cwd stacks/network   # the same, one layer
\`\`\`

A key of several layers must have the same value in each of them; a value that is not set equals the default. \`aws:region\` is required in all layers.
Every layer checks all its settings before it registers a resource, and reports all errors together.

The last column is what a change does to an environment that is deployed. docs/operations.md has the keys by effect.

| key | layers | secret | presence | allowed | variable | meaning | a change |
| --- | --- | --- | --- | --- | --- | --- | --- |
`;

function limitsSection(): string {
  const nameLimits: readonly (readonly [SettingKey, readonly NameLimit[]])[] = [
    ["resourcePrefix", resourcePrefixLimits],
    ["dbUsername", databaseUserLimits],
    ["dbName", databaseNameLimits],
  ];
  const rows = [
    ...nameLimits.flatMap(([key, limits]) =>
      limits.map(({ names, reason, source }) => [`\`${key}\``, names, reason, source]),
    ),
    ["secrets of one service", `more than ${sizeLimits.secret.bytes} bytes`, "", sizeLimits.secret.source],
    ["task definition", `more than ${sizeLimits.taskDefinition.bytes} bytes`, "", sizeLimits.taskDefinition.source],
  ];
  return [
    "## Limits of AWS",
    "",
    "These are refused before anything is deployed; AWS would refuse them minutes later. Longer names than AWS allows are cut.",
    "",
    "| setting | refused | reason | source |",
    "| --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ].join("\n");
}

export function configurationDocument(): string {
  return `${documentHead}${(Object.keys(catalog) as SettingKey[]).map(tableRow).join("\n")}\n\n${providerSection()}\n${limitsSection()}`;
}

/**
 * Recommended values of a production environment that differ from the defaults. The example files have them as
 * comments, secrets without a value. docs/operations.md has their cost.
 */
export const productionProfile: Readonly<Partial<Record<SettingKey, string>>> = {
  natGateways: "per-zone",
  enableFlowLogs: "true",
  dbMultiAz: "true",
  redisReplicationEnabled: "true",
  redisTransitEncryption: "true",
  redisAuthToken: "<at least 16 random characters>",
  alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
  logRetentionDays: "365",
  albAccessLogsBucket: "my-access-logs",
};

/** Returns the commented-out lines of the production profile for a layer. */
function productionPart(layer: LayerName): readonly string[] {
  const lines = keysOf(layer).flatMap((key) => {
    const value = productionProfile[key];
    if (value === undefined) {
      return [];
    }
    const name = fullKey(layer, key);
    return [
      settingOf(key).secret ? `  # pulumi config set ${name} --secret` : `  # ${name}: ${stringify(value).trim()}`,
    ];
  });
  return lines.length === 0 ? [] : [`  # ${PRODUCTION_HEADING}`, ...lines];
}

/** Heading of the production profile in an example file. */
export const PRODUCTION_HEADING = "Production profile: uncomment to use it. Its cost is in docs/operations.md.";

function exampleEntry(layer: LayerName, key: SettingKey): string {
  const setting = settingOf(key);
  const name = fullKey(layer, key);
  const comment = [
    `  # ${meaning(setting)}`,
    `  # ${presence(setting)}; allowed: ${setting.kind.allowed}`,
    ...setting.effects.map((effect) => `  # a change: ${effectText(effect)}`),
  ].join("\n");
  if (setting.secret) {
    return `${comment}\n  # pulumi config set ${name} --secret`;
  }
  const example = sampleValues[key];
  const shown = setting.default?.value({
    stack: "prod",
    region: "us-east-1",
    deploymentProfile: "cloud",
    appUrl: "https://app.example.com",
  });
  const value = stringify(example ?? shown ?? "<value>", { collectionStyle: "flow" }).trim();
  return `${comment}\n  ${example === undefined ? "# " : ""}${name}: ${value}`;
}

/** Returns a layer's settings.example.yaml: every key with its meaning. Defaults and secrets are commented out. */
export function exampleConfiguration(layer: LayerName): string {
  const { project } = layerByName(layer);
  const head = [
    `# Sample configuration of ${project}: scripts/configure.sh writes Pulumi.<stack>.yaml.`,
    "# pnpm generate writes this file from the catalog. Never put secrets here as plain text.",
    "config:",
    "  # Region of the whole environment; the same in all layers.",
    "  aws:region: us-east-1",
  ];
  const entries = keysOf(layer).map((key) => exampleEntry(layer, key));
  return `${[...head, ...entries, ...productionPart(layer)].join("\n")}\n`;
}
