/** The part of docs/getting-started.md that comes from the catalog: what a person needs before. Pure. */
import { withGeneratedPart } from "../aws/generated-part.ts";
import { catalog, settingOf, type SettingKey } from "./catalog.ts";

/** Keys that must be set, cannot be made up and are not answered by set-up, by the condition under which they are required. */
function keysByCondition(): ReadonlyMap<string, readonly SettingKey[]> {
  const groups = new Map<string, SettingKey[]>();
  for (const key of Object.keys(catalog) as SettingKey[]) {
    const { required, generated, default: fallback } = settingOf(key);
    if (required !== undefined && generated !== true && fallback === undefined) {
      groups.set(required.when, [...(groups.get(required.when) ?? []), key]);
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
 * The document with its generated part renewed.
 *
 * @throws Error when it lacks the marks around that part.
 */
export function withRequiredSettings(document: string): string {
  const groups = [...keysByCondition()].map(([when, keys]) => {
    const heading = when === "always" ? "Always:" : `When \`${when.replace(" is ", "` is `")}\`:`;
    return `${heading}\n\n${keys.map(line).join("\n")}`;
  });
  return withGeneratedPart(document, "the catalog", groups.join("\n\n"));
}
