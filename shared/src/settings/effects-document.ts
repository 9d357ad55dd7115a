/** Generates the part of docs/operations.md that lists what a change of each setting does. Pure. */
import { withGeneratedPart } from "../aws/generated-part.ts";
import { catalog, settingOf, type SettingKey } from "./catalog.ts";
import { effectKinds, type EffectKind } from "./effect.ts";

/** Returns the keys of each line of this kind, which goes on after its keys, in the order of the catalog. */
function keysByLine(kind: EffectKind): ReadonlyMap<string, readonly SettingKey[]> {
  const lines = new Map<string, SettingKey[]>();
  for (const key of Object.keys(catalog) as SettingKey[]) {
    for (const { only, text } of settingOf(key).effects.filter((each) => each.kind === kind)) {
      const line = `${only === undefined ? "" : ` ${only.when}`}: ${text}`;
      lines.set(line, [...(lines.get(line) ?? []), key]);
    }
  }
  return lines;
}

function section(kind: EffectKind): string {
  const heading = effectKinds[kind];
  const lines = [...keysByLine(kind)].map(([text, keys]) => `- ${keys.map((key) => `\`${key}\``).join(", ")}${text}`);
  return `### ${heading.charAt(0).toUpperCase()}${heading.slice(1)}\n\n${lines.join("\n")}`;
}

/**
 * Returns the document with its generated part updated.
 *
 * @throws Error when the marks around that part are missing.
 */
export function withEffects(document: string): string {
  const kinds = Object.keys(effectKinds) as EffectKind[];
  return withGeneratedPart(document, "the catalog", kinds.map(section).join("\n\n"));
}
