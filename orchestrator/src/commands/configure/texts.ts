/** Messages of `rollout configure`. Pure. */
import type { ConfigurationKey } from "../../settings/keys.ts";
import { namesIn, type ChangePlan } from "../../settings/plan-changes.ts";
import { overviewOf, type KeyOverview } from "../../settings/overview.ts";

/** Keys that must be set or fixed before a deployment. */
export function openKeys(overview: readonly KeyOverview[]): readonly KeyOverview[] {
  return overview.filter(({ state }) => state === "missing" || state === "wrong");
}

/** What a change did, and the next command. `generated`: keys with generated values. */
export function describeChange(plan: ChangePlan, generated: readonly ConfigurationKey[], stack: string): string {
  const madeUp = new Set<string>(generated);
  const names = namesIn(plan);
  const lines = names.map((name) => {
    const layers = plan.writes
      .filter((writes) => namesIn({ writes: [writes] }).includes(name))
      .map(({ layer }) => layer);
    const isRemoved = plan.writes.some(({ removed }) =>
      removed.some((key) => key === name || key.endsWith(`:${name}`)),
    );
    const what = isRemoved ? "removed from" : madeUp.has(name) ? "generated in" : "set in";
    return `  ${name} ${what} ${layers.join(", ")}`;
  });
  const done = names.length === 0 ? "Nothing had to be changed." : `${stack}:\n${lines.join("\n")}`;
  return `${done}\n${describeNext(overviewOf(plan.after), stack)}`;
}

/** What is still missing or wrong, and the next command. */
export function describeNext(overview: readonly KeyOverview[], stack: string): string {
  const open = openKeys(overview);
  const missing = open.filter(({ state }) => state === "missing").map(({ key }) => key);
  const wrong = open.filter(({ state }) => state === "wrong").map(({ key, problem = "" }) => `  ${key} ${problem}`);
  if (open.length === 0) {
    return `${stack} is configured. Next:\n  scripts/deploy-all.sh --stack ${stack}`;
  }
  return [
    ...(missing.length > 0 ? [`Still missing in ${stack}: ${missing.join(", ")}.`] : []),
    ...(wrong.length > 0 ? [`Still wrong in ${stack}:`, ...wrong] : []),
    `This asks for ${open.length === 1 ? "it" : "them"}:\n  scripts/configure.sh --stack ${stack}`,
  ].join("\n");
}
