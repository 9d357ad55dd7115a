/** The texts at the end of a run: a table of layers, then what to do next. Pure. */
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { serviceKeys, serviceName, type ServiceKey } from "@proliferate-infra/shared/services";
import type { ChangeCounts, LayerResult } from "../model/results.ts";
import { textTable } from "./table.ts";

/** Such as `+12 ~1 ±0 -3 =40`, without what is zero. */
export function formatChanges(changes: ChangeCounts): string {
  const signs: readonly [string, number][] = [
    ["+", changes.create],
    ["~", changes.update],
    ["±", changes.replace],
    ["-", changes.delete],
    ["=", changes.same],
  ];
  return signs
    .filter(([, number]) => number > 0)
    .map(([sign, number]) => `${sign}${number}`)
    .join(" ");
}

/** How a layer ended, such as `succeeded` or `blocked by data`. */
export function formatStatus({
  status,
  cause,
}: {
  readonly status: LayerResult["status"];
  readonly cause?: LayerName | undefined;
}): string {
  return cause === undefined ? status : `${status} by ${cause}`;
}

/** Table of layers with status, changes and duration; reasons of failures below it. */
export function summaryTable(results: readonly LayerResult[]): string {
  const rows = results.map((result) => [
    result.layer,
    formatStatus(result),
    formatChanges(result.changes),
    result.durationMs === 0 ? "" : formatDuration(result.durationMs),
  ]);
  const table = textTable(["layer", "status", "changes", "duration"], rows);
  const reasons = results.flatMap(({ layer, reason }) => (reason === undefined ? [] : [`\n${layer}: ${reason}`]));
  return [table, ...reasons, ...unknownInputLines(results), ...pendingLines(results)].join("\n");
}

function pendingLines(results: readonly LayerResult[]): string[] {
  return results.flatMap(({ layer, pending = [] }) => pending.map((text) => `\n${layer}: ${text}`));
}

/** Such as "7 inputs of services are unknown until data is applied: redisUrl, ...". */
function unknownInputLines(results: readonly LayerResult[]): string[] {
  return results.flatMap(({ layer, unknownInputs = [] }) => {
    const byUpstream = Map.groupBy(unknownInputs, (input) => input.split(".", 1).join());
    return [...byUpstream].map(([upstream, inputs]) => {
      const keys = inputs.map((input) => input.slice(upstream.length + 1)).join(", ");
      const count = inputs.length === 1 ? "1 input" : `${inputs.length} inputs`;
      return `\n${count} of ${layer} unknown until ${upstream} is applied: ${keys}`;
    });
  });
}

const OUTPUTS_SHOWN = [
  ["gatewayUrl", "gateway"],
  ["llmProxyUrl", "llm-proxy"],
  ["gatewayRepositoryUrl", "repository of the gateway"],
  ["llmProxyRepositoryUrl", "repository of the llm-proxy"],
  ["workerRepositoryUrl", "repository of the worker"],
] as const;

/** After a deployment of services: its addresses, and the commands for missing images. */
export function nextSteps(results: readonly LayerResult[], stack: string): string {
  const outputs = results.find(({ layer }) => layer === ("services" satisfies LayerName))?.outputs ?? {};
  const places = OUTPUTS_SHOWN.flatMap(([key, label]) => {
    const value = outputs[key];
    return typeof value === "string" ? [`  ${`${label}:`.padEnd(28)} ${value}`] : [];
  });
  const { servicesWithoutImage } = outputs;
  const waiting = Array.isArray(servicesWithoutImage)
    ? serviceKeys.filter((key) => servicesWithoutImage.includes(key))
    : [];
  const pushes = waiting.flatMap((service) => pushLines(service, stack));
  const heading = `\nThese services have no image and run no tasks: ${waiting.join(", ")}. Push an image for each, and release it:`;
  return [...places, ...(pushes.length > 0 ? [heading, ...pushes] : [])].join("\n");
}

/** Commands that push and release the first image of a service. */
function pushLines(key: ServiceKey, stack: string): string[] {
  const service = serviceName(key);
  return [
    `  scripts/push-image.sh ${service} <folder of the ${service}> --stack ${stack}`,
    `  scripts/release.sh --stack ${stack} ${service}=<tag>`,
  ];
}
