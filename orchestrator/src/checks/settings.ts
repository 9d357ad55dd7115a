/** Checks that all settings are valid and that the layers agree. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { publicServiceKeys } from "@proliferate-infra/shared/services";
import { keysOf, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import {
  readSettings,
  type LayerConfiguration,
  type SettingsResult,
} from "@proliferate-infra/shared/settings/read-settings";
import type { StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { Fault } from "@proliferate-infra/backend/fault";
import { LOCAL_STACK } from "@proliferate-infra/backend/environment/local-names";
import { isHalfWritten } from "@proliferate-infra/backend/environment/change-folder";
import { disagreements } from "../settings/disagreements.ts";
import type { Check, CheckContext } from "./check.ts";
import { endOfSupport } from "./end-of-support.ts";
import { report, type CheckReport } from "./finding.ts";
import type { OpenedSecrets } from "./open-secrets.ts";
import { openedSecrets } from "./secrets.ts";

/** Checks secrets too, decrypted. */
export const settingsCheck: Check = {
  name: "settings",
  run: async (context) => checkSettings(context, (await context.ask(openedSecrets)).texts),
};

/** Checks only that secrets are set. Needs no key. */
export const settingsWithoutSecretsCheck: Check = {
  name: "settings",
  run: (context) => Promise.resolve(checkSettings(context, new Map())),
};

function checkSettings({ subject: { root, environment }, files }: CheckContext, texts: SecretTexts): CheckReport {
  const { stack } = environment;
  if (!isHalfWritten(root, stack)) {
    return judgeSettings(files, texts);
  }
  const message = `A change of ${stack}'s settings was killed while it was written.`;
  return report("settings", [{ message, fix: `This finishes it:\n  scripts/configure.sh list --stack ${stack}` }]);
}

/** Secrets in plain text by layer and full key. */
type SecretTexts = OpenedSecrets["texts"];

/** Secrets without a decrypted text count as valid. Pure. */
export function judgeSettings({ files, faults }: StackFiles, texts: SecretTexts, now = new Date()): CheckReport {
  const configurations = files.map(({ configuration }) => configuration);
  const results = configurations.map((each) => readSettings(withTexts(each, texts.get(each.layer))));
  const wrong = [
    ...results.flatMap((result) => result.faults),
    // With secrets encrypted, so that no message shows one.
    ...disagreements(configurations),
  ];
  const warnings = [
    ...results.flatMap((result) => warningsOf(result, now)),
    ...(wrong.length === 0 ? withoutNango(results) : []),
  ];
  return report("settings", [...faults, ...wrong.map(faultOf)], warnings);
}

function warningsOf(result: SettingsResult<LayerName>, now: Date): readonly Fault[] {
  const { settings } = result;
  const ofDatabase = settings !== undefined && "dbEngineVersion" in settings ? endOfSupport(settings, now) : [];
  return [...plainHttp(result), ...ofDatabase];
}

/** Warns of public services without a certificate in a protected environment. */
function plainHttp({ settings }: SettingsResult<LayerName>): readonly Fault[] {
  if (settings === undefined || !("allowPlainHttp" in settings)) {
    return [];
  }
  const { stack, protectResources, allowPlainHttp } = settings;
  if (!protectResources || allowPlainHttp) {
    return [];
  }
  const open = publicServiceKeys.filter(
    (service) =>
      settings[`${service}Domain`] === undefined &&
      settings[`${service}CertificateArn`] === undefined &&
      (service === "gateway" || settings.enableLlmProxy),
  );
  return open.map((service) => ({
    message:
      service === "gateway"
        ? "The gateway has no certificate: its traffic goes over the Internet in plain text."
        : "The llm-proxy has no certificate: its traffic and its master key go over the Internet in plain text.",
    fix:
      `Set ${service}Domain and hostedZoneId, or ${service}CertificateArn and ${service}PublicUrl. To allow plain HTTP:\n` +
      `./rollout configure set allowPlainHttp=true --stack ${stack}`,
  }));
}

const NANGO_KEYS = [
  "nangoSecretKey",
  "nangoGithubIntegrationId",
  "nangoLinearIntegrationId",
  "nangoSentryIntegrationId",
] as const satisfies readonly SettingKey[];

/**
 * Warns of missing keys of Nango in the profile cloud without integrations. They are no fault: whether the application's schema of its
 * variables requires them then depends on its version.
 */
function withoutNango(results: readonly SettingsResult<LayerName>[]): readonly Fault[] {
  const settings: Readonly<Record<string, unknown>> = Object.fromEntries(
    results.flatMap((result) => Object.entries<unknown>({ ...result.settings })),
  );
  const missing = NANGO_KEYS.filter((key) => key in settings && settings[key] === undefined);
  // The local environment runs no application.
  const isConcerned = settings.deploymentProfile === "cloud" && settings.stack !== LOCAL_STACK;
  if (!isConcerned || settings.integrationsEnabled !== false || missing.length === 0) {
    return [];
  }
  const setCommands = missing.map((key) => {
    const value = settingOf(key).secret ? `--secret ${key}` : `${key}=unused`;
    return `./rollout configure set ${value} --stack ${String(settings.stack)}`;
  });
  return [
    {
      message:
        `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set. Some versions of the application require ` +
        "them in the profile cloud even without integrations. The tasks of such a version end when they start, and ECS " +
        "rolls the deployment back.",
      fix: `Set them to any text, or set deploymentProfile to self_host:\n${setCommands.join("\n")}`,
    },
  ];
}

/** Fills in secret settings only. Messages show the values of other settings, which somebody may have encrypted. */
function withTexts(
  configuration: LayerConfiguration,
  texts: ReadonlyMap<string, string | undefined> | undefined,
): LayerConfiguration {
  const { layer } = configuration;
  const secret = new Set(keysOf(layer).flatMap((key) => (settingOf(key).secret ? [fullKey(layer, key)] : [])));
  const values = [...configuration.values].map(([key, value]) => {
    const text = secret.has(key) && value.secret ? texts?.get(key) : value.text;
    return [key, { ...value, text }] as const;
  });
  return { ...configuration, values: new Map(values) };
}

function faultOf({ layer, key, message, command }: SettingFault): Fault {
  return { message: `${fullKey(layer, key)} ${message}.`, fix: command };
}
