/** What changed settings do to an environment that is deployed. Pure. */
import { effectsOf, effectText, type Effect } from "@proliferate-infra/shared/settings/effect";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { descriptionOf, type ConfigurationKey } from "./keys.ts";
import { overviewOf, type KeyOverview } from "./overview.ts";

/** A changed setting with its effects, which depend on the direction of the change. */
export interface ChangedSetting {
  readonly key: ConfigurationKey;
  readonly effects: readonly Effect[];
}

/** The settings of these names whose values differ, defaults included. Every named secret counts as changed. */
export function changedSettings(
  before: readonly LayerConfiguration[],
  after: readonly LayerConfiguration[],
  names: readonly string[],
): readonly ChangedSetting[] {
  const earlier = new Map(overviewOf(before).map((each) => [each.key, each]));
  return overviewOf(after)
    .filter(({ key }) => names.includes(key))
    .map((now) => ({
      key: now.key,
      secret: now.secret,
      change: { before: typed(earlier.get(now.key)), after: typed(now) },
    }))
    .filter(({ secret, change }) => secret || JSON.stringify(change.before) !== JSON.stringify(change.after))
    .map(({ key, change }) => ({ key, effects: effectsOf(descriptionOf(key), change) }));
}

function typed(overview: KeyOverview | undefined): unknown {
  return overview?.value === undefined ? undefined : descriptionOf(overview.key).kind.parse(overview.value);
}

/** One line for each effect, with the settings that have it. */
export function effectLines(changed: readonly ChangedSetting[]): readonly string[] {
  const lines = new Map<string, ConfigurationKey[]>();
  for (const { key, effects } of changed) {
    for (const text of effects.map(effectText)) {
      lines.set(text, [...(lines.get(text) ?? []), key]);
    }
  }
  return [...lines].map(([text, keys]) => `${keys.join(", ")}: ${text}`);
}
