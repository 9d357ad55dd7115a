/**
 * Compares the rollout to plain Pulumi. Usage: pnpm bench [loading|existing|first|growth|history] [rounds]. Default:
 * all suites, five rounds each. Prints tables and saves results in bench/results/.
 */
import { measureExisting } from "./existing-environment.ts";
import { measureFirst } from "./first-rollout.ts";
import { measureGrowth } from "./growth.ts";
import { measureHistory } from "./history.ts";
import { measureLoading } from "./loading.ts";
import { keepResults, thisMachine } from "./results.ts";

const suites = {
  loading: measureLoading,
  existing: measureExisting,
  first: measureFirst,
  growth: measureGrowth,
  history: measureHistory,
};

const words = process.argv.slice(2);
const unknown = words.filter((word) => !/^[1-9]\d*$/.test(word) && !(word in suites));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no ${unknown.join(", ")}; suites: ${Object.keys(suites).join(", ")}; rounds: a number.\n`,
  );
  process.exit(3);
}
const rounds = Number(words.find((word) => /^\d+$/.test(word)) ?? 5);
const named = Object.entries(suites).filter(([name]) => words.includes(name));
const say = (line: string) => void process.stderr.write(`${line}\n`);

for (const [name, run] of named.length === 0 ? Object.entries(suites) : named) {
  const results = await run(rounds, say);
  process.stdout.write(`${keepResults(name, { rounds, machine: thisMachine(), results })}\n\n`);
}
