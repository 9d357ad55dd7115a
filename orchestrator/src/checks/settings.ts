/** Whether every setting of every layer is valid, the secret ones too, and the layers agree. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { publicServiceKeys } from "@proliferate-infra/shared/services";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { fullKey, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import { readSettings, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import type { StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { Fault } from "@proliferate-infra/backend/fault";
import { disagreements } from "../settings/stack-configurations.ts";
import { report, type CheckReport } from "./finding.ts";

/** What is wrong with the settings. `texts`: secrets in plain text by layer and full key; others are taken as valid. */
export function judgeSettings(
  { files, faults }: StackFiles,
  texts: ReadonlyMap<LayerName, ReadonlyMap<string, string>>,
): CheckReport {
  const configurations = files.map(({ configuration }) => configuration);
  const wrong = [
    ...configurations.flatMap((each) => readSettings(withTexts(each, texts.get(each.layer))).faults),
    // Compared as they are stored, so that no plain text of a secret comes into a message.
    ...disagreements(configurations),
  ];
  return report("settings", [...faults, ...wrong.map(faultOf)], configurations.flatMap(plainHttp));
}

/** Warns of a protected environment whose clients are not asked to encrypt. */
function plainHttp(configuration: LayerConfiguration): readonly Fault[] {
  const { layer, stack } = configuration;
  const { settings } = layer === "services" ? readSettings({ ...configuration, layer }) : {};
  if (settings === undefined || !settings.protectResources || settings.allowPlainHttp) {
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
