/** Whether every setting of every layer is valid, the secret ones too, and the layers agree. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { publicServiceKeys } from "@proliferate-infra/shared/services";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { fullKey, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import {
  readSettings,
  type LayerConfiguration,
  type SettingsResult,
} from "@proliferate-infra/shared/settings/read-settings";
import type { StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { Fault } from "@proliferate-infra/backend/fault";
import { isHalfWritten } from "@proliferate-infra/backend/environment/change-folder";
import { disagreements } from "../settings/disagreements.ts";
import type { Check, CheckContext } from "./check.ts";
import { report, type CheckReport } from "./finding.ts";
import type { OpenedSecrets } from "./open-secrets.ts";
import { openedSecrets } from "./secrets.ts";

/** Every setting, the secret ones too. */
export const settingsCheck: Check = {
  name: "settings",
  run: async (context) => checkSettings(context, (await context.ask(openedSecrets)).texts),
};

/** Every setting that is not secret, and whether the secret ones are there. Opens no key. */
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

/** What is wrong with the settings. Secrets without a text count as valid. Pure. */
export function judgeSettings({ files, faults }: StackFiles, texts: SecretTexts): CheckReport {
  const configurations = files.map(({ configuration }) => configuration);
  const results = configurations.map((each) => readSettings(withTexts(each, texts.get(each.layer))));
  const wrong = [
    ...results.flatMap((result) => result.faults),
    // Compared as they are stored, so that no plain text of a secret comes into a message.
    ...disagreements(configurations),
  ];
  return report("settings", [...faults, ...wrong.map(faultOf)], results.flatMap(plainHttp));
}

/** Warns of a protected environment whose clients are not asked to encrypt. */
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
      `Set ${service}Domain and hostedZoneId, or ${service}CertificateArn and ${service}PublicUrl. If it is meant to be so:\n` +
      `./rollout configure set allowPlainHttp=true --stack ${stack}`,
  }));
}

/** Only secret keys are filled in: of the others the messages show the value, and somebody has encrypted it. */
function withTexts(
  configuration: LayerConfiguration,
  texts: ReadonlyMap<string, string> | undefined,
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
