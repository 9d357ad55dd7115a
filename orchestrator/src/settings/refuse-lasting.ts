/** Refuses to deploy changes of settings that count only when the environment is created. */
import { UserError } from "@proliferate-infra/backend/errors";
import { parseStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { withoutNamespace } from "@proliferate-infra/shared/settings/fault";
import { changedSettings, effectLines, type ChangedSetting } from "./change-effects.ts";
import { descriptionOf } from "./keys.ts";
import { overviewOf } from "./overview.ts";
import { differingKeys, type SettingsTexts } from "./shared-settings.ts";

/** What differs between the published settings and those of a checkout. */
export interface UndeployedChanges {
  readonly changed: readonly ChangedSetting[];
  /** Published values by key; secrets are left out. */
  readonly deployed: ReadonlyMap<string, string | undefined>;
}

/** Compares the settings of these layers. Pure. */
export function undeployedChanges(
  stack: string,
  layers: readonly LayerName[],
  published: SettingsTexts,
  own: SettingsTexts,
): UndeployedChanges {
  const read = (texts: SettingsTexts) =>
    layers.flatMap((layer) => {
      const text = texts[layer];
      return text === undefined ? [] : [parseStackFile(layer, stack, text).configuration];
    });
  const [before, after] = [read(published), read(own)];
  if (before.length === 0) {
    return { changed: [], deployed: new Map() };
  }
  const names = differingKeys(stack, own, published).map((name) =>
    name.startsWith("aws:") ? name : withoutNamespace(name),
  );
  return {
    changed: changedSettings(before, after, [...new Set(names)]),
    deployed: new Map(overviewOf(before).map(({ key, value }) => [key, value])),
  };
}

/**
 * Refuses changes that count only at creation.
 *
 * @throws UserError with each setting, the way to get what it is for, and the commands that restore the deployed values.
 */
export function refuseCreationOnly(stack: string, { changed, deployed }: UndeployedChanges): void {
  const late = changed
    .map(({ key, effects }) => ({ key, effects: effects.filter(({ kind }) => kind === "creation-only") }))
    .filter(({ effects }) => effects.length > 0);
  if (late.length === 0) {
    return;
  }
  throw new UserError(
    [
      `Nothing was deployed: ${stack} exists already, and these settings count only at creation:`,
      ...effectLines(late).map((line) => `  ${line}`),
      "This restores the deployed values:",
      ...late.map(({ key }) => `  scripts/configure.sh set --stack ${stack} ${key}=${deployed.get(key) ?? ""}`),
    ].join("\n"),
  );
}

/** Layers of the settings whose change replaces resources with data, names or addresses. Pure. */
export function layersAtRisk({ changed }: UndeployedChanges): readonly LayerName[] {
  const risky = changed.filter(({ effects }) => effects.some(({ kind }) => kind === "replacement"));
  return [...new Set(risky.flatMap(({ key }) => descriptionOf(key).layers))];
}
