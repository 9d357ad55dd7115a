/** `rollout configure list`: the state of each key. */
import { ExitCode } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { printResult, say } from "../../terminal/say.ts";
import { textTable } from "../../terminal/table.ts";
import { describeNext, openKeys } from "./texts.ts";
import { openConfiguration } from "../../settings/environment-settings.ts";
import { overviewOf, type KeyOverview } from "../../settings/overview.ts";

export interface ListOptions {
  /** Stack name in all layers, such as `prod`. */
  readonly stack: string;
  /** One JSON document on standard output. */
  readonly json?: boolean;
}

/** Prints all keys, those that must be set or fixed first. Returns the exit code. */
export async function list({ stack, json }: ListOptions): Promise<number> {
  const overview = overviewOf(await openConfiguration(repositoryRoot, stack, { env: process.env, say }).read());
  printResult(json, { schemaVersion: 1, stack, keys: overview }, overviewTable(overview));
  if (json !== true) {
    say(`\n${describeNext(overview, stack)}`);
  }
  return ExitCode.done;
}

/** Pure. */
export function overviewTable(overview: readonly KeyOverview[]): string {
  const open = new Set(openKeys(overview));
  const rows = [...open, ...overview.filter((each) => !open.has(each))].map(
    ({ key, state, value, layers, requiredBecause, problem }) => [
      state,
      key,
      value ?? "",
      layers.length === 4 ? "all" : layers.join(", "),
      state === "wrong" ? (problem ?? "") : requiredBecause === undefined ? "" : `required: ${requiredBecause}`,
    ],
  );
  return textTable(["STATE", "KEY", "VALUE", "LAYERS", ""], rows);
}
