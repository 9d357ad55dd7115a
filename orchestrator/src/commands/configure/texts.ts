/** Messages of `rollout configure`. Pure. */
import type { ConfigurationKey } from "../../settings/keys.ts";
import { changedSettings, effectLines } from "../../settings/change-effects.ts";
import { namesIn, type ChangePlan } from "../../settings/plan-changes.ts";
import { overviewOf, type KeyOverview } from "../../settings/overview.ts";

/** Keys that must be set or fixed before a deployment. */
export function openKeys(overview: readonly KeyOverview[]): readonly KeyOverview[] {
  return overview.filter(({ state }) => state === "missing" || state === "wrong");
}

/**
 * What a change did, what its deployment will do to an environment that is deployed, and the next command.
 *
 * @param generated keys with generated values
 */
export function describeChange(
  plan: ChangePlan,
  {
    stack,
    generated,
    isDeployed,
  }: {
    readonly stack: string;
    readonly generated: readonly ConfigurationKey[];
    readonly isDeployed: boolean;
  },
): string {
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
  const effects = isDeployed ? effectLines(changedSettings(plan.before, plan.after, names)) : [];
  return [
    done,
    ...(effects.length === 0 ? [] : ["What the next deployment does:", ...effects.map((line) => `  ${line}`)]),
    describeNext(overviewOf(plan.after), stack),
  ].join("\n");
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
