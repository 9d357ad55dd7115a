/** What an organization requires of everything that an environment makes. A set-up needs it before there are settings. */
import { settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { tags, type Tags } from "@proliferate-infra/shared/values/tags";
import { readEnvironmentFile } from "@proliferate-infra/backend/environment/environment-file";
import { UserError } from "@proliferate-infra/backend/errors";
import { configuredText } from "@proliferate-infra/backend/pulumi-files/stack-file";

/** Options of `setup` by the setting that they set in a new environment. */
const OPTIONS = { extraTags: "--extra-tags", permissionsBoundaryArn: "--permissions-boundary-arn" } as const;
const KEYS = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

export interface OrganizationOptions {
  /** Setting `extraTags`, as JSON. */
  readonly extraTags?: string;
  /** Setting of the same name. */
  readonly permissionsBoundaryArn?: string;
}

/** Texts of the settings that have one. */
export type OrganizationSettings = ReadonlyMap<SettingKey, string>;

/**
 * Returns what is configured, or given for a new environment.
 *
 * @throws UserError when a given value is not allowed, or an environment that is set up has another one.
 */
export function organizationSettings(root: string, stack: string, options: OrganizationOptions): OrganizationSettings {
  const isSetUp = readEnvironmentFile(root, stack) !== undefined;
  const texts = KEYS.flatMap((key) => {
    const configured = configuredText(root, "network", stack, key);
    const given = options[key];
    return given === undefined
      ? { key, text: configured, fault: undefined }
      : { key, text: given, fault: faultOf(key, given, configured, isSetUp, stack) };
  });
  const faults = texts.flatMap(({ fault }) => fault ?? []);
  if (faults.length > 0) {
    throw new UserError(faults.join("\n"));
  }
  return new Map(texts.flatMap(({ key, text }) => (text === undefined ? [] : [[key, text] as const])));
}

function faultOf(
  key: keyof typeof OPTIONS,
  given: string,
  configured: string | undefined,
  isSetUp: boolean,
  stack: string,
): string | undefined {
  const { kind } = settingOf(key);
  const parsed = kind.parse(given);
  if (parsed === undefined) {
    return `${OPTIONS[key]} must be ${kind.allowed}.`;
  }
  const current = configured === undefined ? undefined : kind.parse(configured);
  return isSetUp && JSON.stringify(current) !== JSON.stringify(parsed)
    ? `${stack} is set up already, with another value of ${key}. This changes it; then run the set-up again without ${OPTIONS[key]}:\n  scripts/configure.sh set --stack ${stack} '${key}=${given}'`
    : undefined;
}

/** The tags of these settings; none where none are set. */
export function extraTagsOf(settings: OrganizationSettings): Tags {
  return tags.parse(settings.get("extraTags") ?? "{}") ?? {};
}
