/** The texts before and after a rotation. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { setCommand } from "@proliferate-infra/shared/settings/fault";
import type { LayerResult } from "../../model/results.ts";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { concernedLayers } from "./request.ts";

/** The effect of each key's rotation, a line each. */
export function effects(keys: readonly SettingKey[]): string {
  return keys.map((key) => `  ${key}: ${settingOf(key).rotation?.effect ?? ""}`).join("\n");
}

/** Which values a layer has after a rotation that stopped. */
function status({ layer, status }: LayerResult): string {
  switch (status) {
    case "succeeded":
    case "unchanged":
      return `  ${layer}: has the new values`;
    case "failed":
    case "interrupted":
      return layer === "services"
        ? `  ${layer}: ${status}; tasks that were not replaced run with the old values`
        : `  ${layer}: ${status}; it has the new values or the old ones`;
    default:
      return `  ${layer}: has the old values`;
  }
}

/** After a rotation that stopped: which values the layers have, and the commands to continue or to go back. */
export function stoppedText(stack: string, keys: readonly SettingKey[], results: readonly LayerResult[]): string {
  const from = concernedLayers(keys)
    .slice(0, 1)
    .map((layer) => ` --from ${layer}`)
    .join("");
  return [
    `The rotation of ${keys.join(", ")} is not complete. The settings have the new values.`,
    ...results.map(status),
    `To continue, fix the failure and run:  scripts/deploy-all.sh --stack ${stack}${from}`,
    ...(keys.includes("redisAuthToken") ? [forgetTokenText(stack)] : []),
    `To go back to the old values, run:     scripts/rotate-secret.sh --stack ${stack} --back`,
  ].join("\n");
}

/** The last step of a rotation of Redis's token. */
function forgetTokenText(stack: string): string {
  const set = setCommand({ layer: "data", stack }, "redisAuthTokenUpdateStrategy", false, "SET");
  return [
    "  then, to remove the old token from Redis:",
    `    ${set}`,
    `    scripts/deploy-all.sh --stack ${stack} --only data`,
  ].join("\n");
}

export function doneText(keys: readonly SettingKey[], results: readonly LayerResult[]): string {
  const issued = keys.filter((key) => settingOf(key).generated !== true);
  return [
    `Rotated: ${keys.join(", ")}.`,
    ...(keys.includes("dbPassword") ? [windowText(results)] : []),
    ...(issued.length > 0 ? [`Now revoke the old values of ${issued.join(", ")} where they were issued.`] : []),
  ].join("\n");
}

/** Layers between the change of the database's password and the end of the last task that has the old one. */
const WINDOW: readonly LayerName[] = ["data", "secrets", "services"];

function windowText(results: readonly LayerResult[]): string {
  const spent = results.filter(({ layer }) => WINDOW.includes(layer)).map(({ durationMs }) => durationMs);
  const window = formatDuration(spent.reduce((sum, duration) => sum + duration, 0));
  return `For at most ${window}, tasks with the old password could not open new connections to the database.`;
}
