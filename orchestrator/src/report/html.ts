/**
 * A report as one file that needs nothing else: no script, no request, readable on a phone, in the dark and on paper. Pure.
 */
import { shortUrn } from "../model/urn.ts";
import type { RolloutReport } from "./report.ts";
import { formatChanges, formatStatus } from "../terminal/summary.ts";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { htmlText } from "./html-text.ts";
import { reportStyle } from "./style.ts";
import { statefulLosses } from "./stateful-losses.ts";
import { timeline } from "./timeline.ts";

type LayerReport = RolloutReport["layers"][number];

/** Signs beside the words, so that color is never the only difference. */
const SIGNS: Readonly<Record<LayerReport["status"], string>> = {
  succeeded: "✔",
  unchanged: "=",
  failed: "✖",
  blocked: "■",
  interrupted: "‖",
  "not-reached": "…",
};

/** The page. `graph` is an SVG of the layers, as `rollout graph` draws it. */
export function htmlReport(report: RolloutReport, graph: string): string {
  const { stack, command, status, layers, commit, runId, startedAt, finishedAt } = report;
  const title = `${stack}: ${command} ${status}`;
  const facts = [
    ["run", runId],
    ["commit", commit ?? "none"],
    ["started", startedAt],
    ["took", formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))],
    ["exit code", String(report.exitCode)],
  ].map(([name = "", value = ""]) => `<dt>${name}</dt><dd>${htmlText(value)}</dd>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${htmlText(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${htmlText(title)}</h1>
<dl>${facts.join("")}</dl>
${lossBlock(report)}
<h2>Layers</h2>
<div class="scroll">${layerTable(layers)}</div>
${layers.map(detailBlock).join("\n")}
<h2>What flows between them</h2>
<div class="scroll graph">${graph}</div>
${timeline(report)}
</main>
</body>
</html>
`;
}

function lossBlock(report: RolloutReport): string {
  const losses = statefulLosses(report).map(
    ({ layer, urn, op }) => `<li><strong>${layer}: ${htmlText(shortUrn(urn))}</strong> (${htmlText(op)})</li>`,
  );
  return losses.length === 0
    ? ""
    : `<div class="loss"><h2>Data, names or addresses are lost</h2><ul>${losses.join("")}</ul></div>`;
}

function layerTable(layers: readonly LayerReport[]): string {
  const rows = layers.map(({ layer, status, cause, changes, durationMs }) => {
    const cells = [
      `<th scope="row">${layer}</th>`,
      `<td class="${status}"><span aria-hidden="true">${SIGNS[status]}</span> ${formatStatus({ status, cause })}</td>`,
      `<td>${htmlText(formatChanges(changes))}</td>`,
      `<td>${durationMs === 0 ? "" : formatDuration(durationMs)}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const heading = ["layer", "status", "changes", "duration"].map((name) => `<th scope="col">${name}</th>`).join("");
  return `<table><thead><tr>${heading}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function detailBlock({ layer, reason, unknownInputs = [], pending = [], outputs }: LayerReport): string {
  const outputRows = Object.entries(outputs).map(
    ([key, value]) =>
      `<dt>${htmlText(key)}</dt><dd>${htmlText(typeof value === "string" ? value : JSON.stringify(value))}</dd>`,
  );
  return [
    reason === undefined ? "" : `<h3>${layer} failed</h3><pre>${htmlText(reason)}</pre>`,
    unknownInputs.length === 0
      ? ""
      : `<p>${unknownInputs.length} input(s) of ${layer} are unknown until the layers before are applied: ${htmlText(unknownInputs.join(", "))}</p>`,
    ...pending.map((text) => `<p>${layer}: ${htmlText(text)}</p>`),
    outputRows.length === 0
      ? ""
      : `<details><summary>Outputs of ${layer}</summary><dl>${outputRows.join("")}</dl></details>`,
  ].join("");
}
