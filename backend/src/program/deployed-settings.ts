/** Common settings of a layer that are not those that an upstream was deployed with. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { settingNamed, settingOf } from "@proliferate-infra/shared/settings/catalog";
import {
  commonValuesOf,
  commonValuesSchema,
  shownValue,
  type CommonValues,
} from "@proliferate-infra/shared/settings/common-values";
import { fullKey, removeCommand, setCommand } from "@proliferate-infra/shared/settings/fault";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import type { Fault } from "../fault.ts";
import type { StoredOutput } from "../pulumi-files/state.ts";

/** A layer with the outputs in its state. */
interface DeployedLayer {
  readonly layer: LayerName;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
}

/**
 * The common settings that differ from what the upstreams were deployed with: one fault for each setting and upstream. An upstream
 * that an earlier version has deployed does not have its settings among its outputs; it has no faults.
 */
export function undeployedSettings(
  configuration: LayerConfiguration,
  upstreams: readonly DeployedLayer[],
): readonly Fault[] {
  const own = commonValuesOf(configuration);
  return upstreams.flatMap(({ layer: upstream, outputs }) => {
    const deployed: CommonValues = commonValuesSchema.safeParse(outputs.commonSettings?.value).data ?? {};
    return Object.entries(own).flatMap(([key, text]) => {
      const expected = deployed[key];
      return expected === undefined || expected === text || isTurnedOffFirst(key, text)
        ? []
        : [faultOf(configuration, key, { text, upstream, expected })];
    });
  });
}

/** A layer that no longer uses an upstream's resources is deployed before they are removed. */
function isTurnedOffFirst(name: string, text: string): boolean {
  const key = settingNamed(name);
  return text === "false" && key !== undefined && settingOf(key).turnedOffInReverse === true;
}

function faultOf(
  configuration: LayerConfiguration,
  key: string,
  { text, upstream, expected }: { readonly text: string; readonly upstream: LayerName; readonly expected: string },
): Fault {
  const { layer, stack } = configuration;
  const own = `${fullKey(layer, key)} is ${shownValue(text)}`;
  const everywhere = text === "" ? `unset --stack ${stack} ${key}` : `set --stack ${stack} '${key}=${text}'`;
  const back = expected === "" ? removeCommand(configuration, key) : setCommand(configuration, key, false, expected);
  return {
    message: `${own}, but ${upstream} was deployed with ${fullKey(upstream, key)} ${shownValue(expected)}.`,
    fix: [
      `This gives ${layer} the value that ${upstream} was deployed with:`,
      `  ${back}`,
      `These deploy the other value in all layers that have the setting:`,
      `  scripts/configure.sh ${everywhere}`,
      `  scripts/deploy-all.sh --stack ${stack}`,
    ].join("\n"),
  };
}
