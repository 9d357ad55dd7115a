/** Text made from the catalog: docs/configuration.md and each layer's Pulumi.example.yaml. Pure. */
import { stringify } from "yaml";
import { layerByName, layerNames, type LayerName } from "../layers.ts";
import { catalog, keysOf, settingOf, type SettingKey } from "./catalog.ts";
import { fullKey } from "./fault.ts";
import type { Setting } from "./setting.ts";

/** When a key must be set, in a word or a condition. */
function presence({ required, default: fallback }: Setting): string {
  if (required !== undefined && fallback === undefined) {
    return required.when === "always" ? "required" : `required when ${required.when}`;
  }
  return fallback === undefined ? "optional" : `default ${fallback.shown}`;
}

function rotationText({ rotation }: Setting): string {
  if (rotation === undefined) {
    return "";
  }
  const consent = rotation.loses === undefined ? "" : ` Needs \`--accept ${rotation.loses}\`.`;
  return ` Rotation: ${rotation.effect}${consent}`;
}

function tableRow(key: SettingKey): string {
  const setting = settingOf(key);
  const layers = setting.layers.length === layerNames.length ? "all" : setting.layers.join(", ");
  const replaces = setting.replaces === undefined ? "" : ` **A change replaces ${setting.replaces}.**`;
  const cells = [
    `\`${key}\``,
    layers,
    setting.secret ? "yes" : "",
    presence(setting),
    setting.kind.allowed,
    setting.variable === undefined ? "" : `\`${setting.variable}\``,
    `${setting.description}${replaces}${rotationText(setting)}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const documentHead = `# Configuration

Generated from the catalog in \`shared/src/settings/\` by \`pnpm generate\`; a test keeps it current.

Settings are native Pulumi configuration in \`stacks/<layer>/Pulumi.<stack>.yaml\` (not committed;
\`Pulumi.example.yaml\` beside it has every key). A key's namespace is the layer's project:

\`\`\`sh
scripts/configure.sh --stack prod                                                       # asks for what is missing
scripts/configure.sh set --stack prod vpcCidr=10.20.0.0/16                              # in all layers that have the key
scripts/configure.sh set --stack prod --secret dbPassword                               # asks, or reads standard input
pulumi config set proliferate-network:vpcCidr 10.20.0.0/16 --stack prod --cwd stacks/network   # the same, one layer
\`\`\`

A key of several layers stands in each of them, with the same value. \`aws:region\` is required in all layers.
Every layer checks all its settings before it registers a resource and reports all faults at once.

| key | layers | secret | presence | allowed | variable | meaning |
| --- | --- | --- | --- | --- | --- | --- |
`;

/** Text of docs/configuration.md. */
export function configurationDocument(): string {
  return `${documentHead}${(Object.keys(catalog) as SettingKey[]).map(tableRow).join("\n")}\n`;
}

/** Values that stand in the example where a required key has no default. */
export const exampleValues: Readonly<Partial<Record<SettingKey, string>>> = {
  defaultSandboxProvider: "e2b",
  githubAppId: "12345",
  githubAppSlug: "my-app",
  autumnApiUrl: "https://api.useautumn.com",
  emailFrom: "Proliferate <noreply@example.com>",
  e2bDomain: "e2b.dev",
  e2bTemplate: "my-template",
  e2bTemplateAlias: "base",
  appUrl: "https://app.example.com",
  s3Bucket: "my-proliferate-files",
};

/**
 * What a production environment turns on beside the defaults, as it stands in the examples; secrets are left to the
 * person. What it costs is in docs/operations.md.
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

/** The part of the production profile that a layer has, commented out. */
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

/** Begins the production profile in an example. */
export const PRODUCTION_HEADING = "Production profile, to be uncommented; what it costs: docs/operations.md.";

function exampleEntry(layer: LayerName, key: SettingKey): string {
  const setting = settingOf(key);
  const name = fullKey(layer, key);
  const comment = `  # ${setting.description}\n  # ${presence(setting)}; allowed: ${setting.kind.allowed}`;
  if (setting.secret) {
    return `${comment}\n  # pulumi config set ${name} --secret`;
  }
  const example = exampleValues[key];
  const shown = setting.default?.value({
    stack: "prod",
    region: "us-east-1",
    deploymentProfile: "cloud",
    appUrl: "https://app.example.com",
  });
  const value = stringify(example ?? shown ?? "<value>", { collectionStyle: "flow" }).trim();
  return `${comment}\n  ${example === undefined ? "# " : ""}${name}: ${value}`;
}

/** Text of a layer's Pulumi.example.yaml: every key with its meaning; defaults and secrets are comments. */
export function exampleConfiguration(layer: LayerName): string {
  const { project } = layerByName(layer);
  const head = [
    `# Sample configuration of ${project}: scripts/configure.sh writes Pulumi.<stack>.yaml.`,
    "# Generated from the catalog by pnpm generate. Secrets never stand here as plain text.",
    "config:",
    "  # Region of the whole environment; the same in all layers.",
    "  aws:region: us-east-1",
  ];
  const entries = keysOf(layer).map((key) => exampleEntry(layer, key));
  return `${[...head, ...entries, ...productionPart(layer)].join("\n")}\n`;
}
