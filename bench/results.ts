/** Writes the results of `pnpm bench`: results.json with all values, and a table and a chart of them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { textTable } from "@proliferate-infra/orchestrator/terminal/table";
import { chart } from "./chart.ts";
import { shown, type Measured, type Spread } from "./measure.ts";

/** The last run of a suite. Ratios compare values of one run only. */
export interface SuiteResults {
  readonly rounds: number;
  readonly machine: { readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly results: readonly Measured[];
}

type AllResults = Readonly<Record<string, SuiteResults>>;

const folder = join(import.meta.dirname, "results");
const file = (name: string) => join(folder, name);

/** Description of this machine for the results. */
export function thisMachine(): SuiteResults["machine"] {
  return { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
}

/** Replaces a suite's results. Does not change results of other suites. Returns the suite's table. */
export function keepResults(suite: string, results: SuiteResults): string {
  const path = file("results.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { suites: AllResults }).suites : {};
  const suites: AllResults = { ...known, [suite]: results };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify({ schemaVersion: 2, suites }, null, 2)}\n`);
  const all = Object.values(suites).flatMap((each) => each.results);
  writeFileSync(file("results.svg"), chart(all, "Ratios: medians over rounds"));
  writeFileSync(file("results.md"), markdown(suites));
  return resultTable(results.results);
}

/** Returns the results for a terminal. Pure. */
export function resultTable(results: readonly Measured[]): string {
  return textTable([...HEADING], results.map(cells));
}

/** Returns the results as a Markdown document. Pure. */
export function markdown(suites: AllResults): string {
  const row = (each: readonly string[]) => `| ${each.join(" | ")} |`;
  const parts = Object.entries(suites).map(([suite, { rounds, machine, results }]) =>
    [
      `## ${suite}`,
      "",
      `${rounds} rounds on ${machine.cores} cores with ${machine.memoryGiB} GiB, Node.js ${machine.node}.`,
      "",
      row(HEADING),
      row(HEADING.map(() => "---")),
      ...results.map((each) => row(cells(each))),
    ].join("\n"),
  );
  const head =
    "# Results\n\nMade by `pnpm bench`; [bench/README.md](../README.md) says what is measured and how to read it.";
  return `${[head, ...parts].join("\n\n")}\n`;
}

const HEADING = ["what", "way", "median (from, to)", "ratio (from, to)", "against", "target"] as const;

function cells({ what, way, unit, value, ratio, against, target, isMet }: Measured): readonly string[] {
  const verdict = isMet === true ? "met" : "missed";
  return [
    what,
    way,
    `${shown(value.median, unit)}${range(value, unit === "s" ? 2 : 0)}`,
    ratio === undefined ? "" : `${ratio.median.toFixed(2)}${range(ratio, 2)}`,
    against ?? "",
    target === undefined ? "" : `at most ${target.atMost}${target.of === "value" ? ` ${unit}` : ""}: ${verdict}`,
  ];
}

function range({ least, most }: Spread, digits: number): string {
  return least === most ? "" : ` (${least.toFixed(digits)}, ${most.toFixed(digits)})`;
}
