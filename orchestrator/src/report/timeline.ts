/** A timeline of resources: one bar each, grouped by layer, as HTML whose widths are percentages of the run. Pure. */
import { shortUrn } from "../model/urn.ts";
import type { RolloutReport } from "./report.ts";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { htmlText } from "./html-text.ts";

type LayerReport = RolloutReport["layers"][number];
type ResourceReport = NonNullable<LayerReport["resources"]>[number];

/** Bars thinner than this cannot be seen, in percent. */
const LEAST_WIDTH = 0.4;

/** The timeline; empty when no resource was changed. */
export function timeline({ layers, startedAt, finishedAt }: RolloutReport): string {
  const whole = Math.max(Date.parse(finishedAt) - Date.parse(startedAt), 1);
  const groups = layers
    .filter(({ resources = [] }) => resources.length > 0)
    .map(({ layer, resources = [] }) => {
      const bars = resources.map((resource) => bar(resource, whole)).join("\n");
      return `<h3>${layer}</h3>\n<ul class="timeline">\n${bars}\n</ul>`;
    });
  return groups.length === 0 ? "" : `<h2>Timeline</h2>\n<p>0 to ${formatDuration(whole)}</p>\n${groups.join("\n")}`;
}

function bar({ urn, op, startMs, durationMs, failed }: ResourceReport, whole: number): string {
  const percent = (milliseconds: number) => Math.min(Math.max((100 * milliseconds) / whole, 0), 100);
  const left = Math.min(percent(startMs), 100 - LEAST_WIDTH);
  const length = durationMs ?? whole - startMs;
  const width = Math.min(Math.max(percent(length), LEAST_WIDTH), 100 - left);
  const end = durationMs === null ? "never ended" : formatDuration(durationMs);
  const state = failed ? "failed" : durationMs === null ? "unended" : "done";
  const label = `${op} ${shortUrn(urn)}${failed ? ", failed" : ""}`;
  return [
    `<li class="${state}"><span class="name">${htmlText(label)}</span> <span class="time">${end}</span>`,
    `<span class="track"><span class="bar" style="margin-left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"></span></span></li>`,
  ].join("");
}
