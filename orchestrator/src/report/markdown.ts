/** A report as one comment in GitHub's Markdown. Values from outside are escaped. Pure. */
import { shortUrn } from "../model/urn.ts";
import type { RolloutReport } from "./report.ts";
import { formatChanges, formatStatus } from "../terminal/summary.ts";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { statefulLosses } from "./stateful-losses.ts";

type LayerReport = RolloutReport["layers"][number];

/** First line of the comment. CI finds the comment by it, to replace it. */
function commentMarker(stack: string): string {
  return `<!-- proliferate-rollout:${stack.replace(/[^A-Za-z0-9._-]/g, "")} -->`;
}

export function markdownReport(report: RolloutReport): string {
  const { stack, command, status, commit, runId, layers } = report;
  const facts = [`run \`${inCode(runId)}\``, ...(commit === null ? [] : [`commit \`${inCode(commit.slice(0, 12))}\``])];
  const blocks = [
    commentMarker(stack),
    `## ${escaped(stack)}: ${command} ${status}`,
    ...lossBlock(report),
    layerTable(layers),
    ...layers.flatMap(unknownBlock),
    ...layers.flatMap(({ layer, pending = [] }) => pending.map((text) => `${layer}: ${escaped(text)}`)),
    ...layers.flatMap(reasonBlock),
    ...linkBlock(layers),
    `${facts.join(", ")}, ${report.startedAt}`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

function lossBlock(report: RolloutReport): string[] {
  const losses = statefulLosses(report);
  const lines = losses.map(({ layer, urn, op }) => `- **${layer}: ${escaped(shortUrn(urn))} (${escaped(op)})**`);
  return lines.length === 0 ? [] : ["**Data, names or addresses are lost:**", lines.join("\n")];
}

function layerTable(layers: readonly LayerReport[]): string {
  const rows = layers.map((layer) =>
    [
      layer.layer,
      formatStatus(layer),
      escaped(formatChanges(layer.changes)),
      layer.durationMs === 0 ? "" : formatDuration(layer.durationMs),
    ].join(" | "),
  );
  const heading = ["layer | status | changes | duration", "--- | --- | --- | ---"];
  return [...heading, ...rows].map((row) => `| ${row} |`).join("\n");
}

function unknownBlock({ layer, unknownInputs = [] }: LayerReport): string[] {
  const names = unknownInputs.map((name) => `\`${inCode(name)}\``).join(", ");
  return unknownInputs.length === 0
    ? []
    : [`${unknownInputs.length} input(s) of ${layer} are unknown until the layers before are applied: ${names}`];
}

function reasonBlock({ layer, reason }: LayerReport): string[] {
  return reason === undefined ? [] : [`**${layer} failed:**`, fenced(reason)];
}

function linkBlock(layers: readonly LayerReport[]): string[] {
  const outputs = layers.find(({ layer }) => layer === "services")?.outputs ?? {};
  const lines = ["gatewayUrl", "llmProxyUrl"].flatMap((key) => {
    const url = outputs[key];
    return typeof url === "string" ? [`- ${key}: \`${inCode(url)}\``] : [];
  });
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** Text that shows as it is: nothing in it is markup, and it stays on its line and in its cell. */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()#+!|~@-]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text for a code span, which takes no escapes. */
function inCode(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[`|<>]/g, "'");
}

/** A block whose fence is longer than any run of backticks in the text. */
function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}
