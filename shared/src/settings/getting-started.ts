/** Generates the part of docs/getting-started.md that lists the settings a person must provide. Pure. */
import { withGeneratedPart } from "../aws/generated-part.ts";
import { catalog, settingOf, type SettingKey } from "./catalog.ts";
import { requirementOf } from "./setting.ts";

/** Returns required keys by the condition that requires them. Leaves out keys that are generated or have a default. */
function keysByCondition(): ReadonlyMap<string, readonly SettingKey[]> {
  const groups = new Map<string, SettingKey[]>();
  for (const key of Object.keys(catalog) as SettingKey[]) {
    const setting = settingOf(key);
    const when = requirementOf(setting)?.when;
    if (when !== undefined && setting.generated !== true) {
      groups.set(when, [...(groups.get(when) ?? []), key]);
    }
  }
  return groups;
}

function line(key: SettingKey): string {
  const { description, variable, secret, kind } = settingOf(key);
  const name = variable === undefined ? "" : `; \`${variable}\``;
  return `- \`${key}\`${secret ? " (secret)" : ""}: ${description} Must be ${kind.allowed}${name}`;
}

/**
 * Returns the document with its generated part updated.
 *
 * @throws Error when the marks around that part are missing.
 */
export function withRequiredSettings(document: string): string {
  const groups = [...keysByCondition()].map(([when, keys]) => {
    const heading = when === "always" ? "Always:" : `When ${when.replaceAll(/(\w+) is (\w+)/g, "`$1` is `$2`")}:`;
    return `${heading}\n\n${keys.map(line).join("\n")}`;
  });
  return withGeneratedPart(document, "the catalog", groups.join("\n\n"));
}
