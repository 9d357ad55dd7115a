/**
 * Keys `aws:<name>` of a stack's settings. Pulumi applies them to default providers only. The layers have a provider of their own, so
 * each key is passed to it or refused. Refused is what the state backend and this project's AWS clients must use too: their place is
 * the process environment, which all of them read (AWS SDKs and Tools Reference Guide, "Settings reference"). Decision 0022.
 */
import { z } from "zod";
import { json, listOf, text, type ValueKind } from "../values/value-kinds.ts";
import { removeCommand, setCommand, type CommandTarget, type SettingFault } from "./fault.ts";

const accounts = listOf(text("an account's twelve digits", /^\d{12}$/), 1);
const tagNames = z.array(z.string().min(1));
const ignoredTags = json(
  'a JSON object such as {"keys": ["Owner"], "keyPrefixes": ["audit:"]}',
  z.strictObject({ keys: tagNames.optional(), keyPrefixes: tagNames.optional() }),
);

/** Keys that are passed to the provider, without the namespace. */
const passedKeys = {
  /** Accounts that the layer may be in. */
  allowedAccountIds: accounts,
  /** Accounts that the layer must not be in. */
  forbiddenAccountIds: accounts,
  /** Tags that others put on resources; the provider does not remove them. */
  ignoreTags: ignoredTags,
} as const satisfies Record<string, ValueKind<unknown>>;

type Passed = typeof passedKeys;
type PassedKey = keyof Passed;

/** Values that the layer's provider gets as they are. */
export type ProviderOptions = { readonly [Key in PassedKey]?: NonNullable<ReturnType<Passed[Key]["parse"]>> };

/** What to use in place of a key that is refused. */
const instead: Readonly<Record<string, string>> = {
  defaultTags: "set extraTags, which also tags the state's bucket, lock table and key",
  profile: "set AWS_PROFILE",
  assumeRole: "put role_arn and source_profile into a profile of the AWS configuration file, and set AWS_PROFILE",
  assumeRoleWithWebIdentity: "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE",
  accessKey: "set AWS_ACCESS_KEY_ID",
  secretKey: "set AWS_SECRET_ACCESS_KEY",
  token: "set AWS_SESSION_TOKEN",
  sharedConfigFiles: "set AWS_CONFIG_FILE",
  sharedCredentialsFiles: "set AWS_SHARED_CREDENTIALS_FILE",
  endpoints: "set AWS_ENDPOINT_URL, or AWS_ENDPOINT_URL_<SERVICE> for one service",
  customCaBundle: "set AWS_CA_BUNDLE",
  httpProxy: "set HTTP_PROXY",
  httpsProxy: "set HTTPS_PROXY",
  noProxy: "set NO_PROXY",
  maxRetries: "set AWS_MAX_ATTEMPTS",
  retryMode: "set AWS_RETRY_MODE",
  useDualstackEndpoint: "set AWS_USE_DUALSTACK_ENDPOINT",
  useFipsEndpoint: "set AWS_USE_FIPS_ENDPOINT",
  ec2MetadataServiceEndpoint: "set AWS_EC2_METADATA_SERVICE_ENDPOINT",
  ec2MetadataServiceEndpointMode: "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
  skipMetadataApiCheck: "set AWS_EC2_METADATA_DISABLED",
};
const NAMESPACE = "aws:";

/** The keys `aws:` of a layer except `aws:region`, and what is wrong with them. */
export function readProviderSettings(
  configuration: CommandTarget & { readonly values: ReadonlyMap<string, { readonly text: string | undefined }> },
): {
  readonly options: ProviderOptions;
  readonly faults: readonly SettingFault[];
} {
  const { layer, values } = configuration;
  const options: Record<string, unknown> = {};
  const faults: SettingFault[] = [];
  const refuse = (key: string, message: string, command: string) => {
    faults.push({ layer, key, message, command });
  };
  for (const [key, configured] of values) {
    const name = key.slice(NAMESPACE.length);
    if (!key.startsWith(NAMESPACE) || name === "region") {
      continue;
    }
    const kind: ValueKind<unknown> | undefined = isPassed(name) ? passedKeys[name] : undefined;
    const value = configured.text === undefined ? undefined : kind?.parse(configured.text);
    if (kind === undefined) {
      const way = instead[name.replace(/^assumeRoles$/, "assumeRole")] ?? "remove it";
      refuse(key, `has no effect on the layer's own provider; ${way}`, removeCommand(configuration, key));
    } else if (value === undefined) {
      refuse(key, `must be ${kind.allowed}, not encrypted`, setCommand(configuration, key, false));
    } else {
      options[name] = value;
    }
  }
  if (options.allowedAccountIds !== undefined && options.forbiddenAccountIds !== undefined) {
    const key = `${NAMESPACE}forbiddenAccountIds`;
    refuse(key, "must not be set together with aws:allowedAccountIds", removeCommand(configuration, key));
  }
  // Each value was parsed by the kind of its key.
  return { options, faults };
}

function isPassed(name: string): name is PassedKey {
  return Object.hasOwn(passedKeys, name);
}

/** Why a layer must not be in this account, as the end of "<account> ..."; undefined when it may. */
export function accountProblem(
  { allowedAccountIds, forbiddenAccountIds = [] }: ProviderOptions,
  account: string,
): string | undefined {
  if (allowedAccountIds !== undefined && !allowedAccountIds.includes(account)) {
    return `is not in aws:allowedAccountIds (${allowedAccountIds.join(", ")})`;
  }
  return forbiddenAccountIds.includes(account) ? "is in aws:forbiddenAccountIds" : undefined;
}

/** Generates the section of docs/configuration.md about these keys. */
export function providerSection(): string {
  const rows = Object.entries(instead).map(([key, way]) => `| \`${NAMESPACE}${key}\` | ${way} |`);
  return [
    "## Keys of Pulumi's AWS provider",
    "",
    `A layer passes ${Object.keys(passedKeys)
      .map((key) => `\`${NAMESPACE}${key}\``)
      .join(", ")} to its provider. Every other key of this namespace but`,
    "`aws:region` is refused, because the state, the lock and the key of the secrets would not follow it:",
    "",
    "| refused | instead |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
