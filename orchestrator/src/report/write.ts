/** Writes a run's report into a folder: report.json, report.md and report.html. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { layerEdges, svgGraph } from "./graph.ts";
import type { RolloutReport } from "./report.ts";
import { htmlReport } from "./html.ts";
import { markdownReport } from "./markdown.ts";

/** Writes the three files, each in one step, so that a reader never sees half of a file. */
export async function writeReports(folder: string, report: RolloutReport): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = {
    "report.json": `${JSON.stringify(report, null, 2)}\n`,
    "report.md": markdownReport(report),
    "report.html": htmlReport(report, await svgGraph(layerEdges())),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFileAtomic(join(folder, name), text);
  }
}
