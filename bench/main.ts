/**
 * What the rollout costs and saves, against the same work by hand. Usage: pnpm bench [loading|existing|first|growth] [rounds]; all,
 * five rounds each, when nothing is said. Prints a table, writes bench/results.json and bench/results.svg.
 */
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { chart } from "./chart.ts";
import { measureExisting } from "./existing-environment.ts";
import { measureFirst } from "./first-rollout.ts";
import { measureGrowth } from "./growth.ts";
import { measureLoading } from "./loading.ts";
import { measuredTable } from "./measure.ts";

const suites = { loading: measureLoading, existing: measureExisting, first: measureFirst, growth: measureGrowth };

const words = process.argv.slice(2);
const rounds = Number(words.find((word) => /^\d+$/.test(word)) ?? 5);
const wanted = Object.entries(suites).filter(([name]) => words.includes(name));
const say = (line: string) => void process.stderr.write(`${line}\n`);

const results = [];
for (const [, run] of wanted.length === 0 ? Object.entries(suites) : wanted) {
  results.push(...(await run(rounds, say)));
}
const machine = { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
const file = (name: string) => join(import.meta.dirname, name);
writeFileSync(file("results.json"), `${JSON.stringify({ schemaVersion: 1, rounds, machine, results }, null, 2)}\n`);
writeFileSync(file("results.svg"), chart(results, "Medians as ratios; shorter is faster"));
process.stdout.write(`${measuredTable(results)}\n`);
