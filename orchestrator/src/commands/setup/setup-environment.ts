/**
 * Sets an environment up: state, login, one stack in each layer, and last the file with its facts. So an environment has
 * its file when all the rest is there. Whatever an interruption leaves is found and completed by the next run.
 */
import { relative } from "node:path";
import {
  environmentFile,
  readEnvironmentFile,
  writeEnvironmentFile,
  type EnvironmentFacts,
} from "@proliferate-infra/backend/environment/environment-file";
import { backendUrl, parseStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { UserError } from "@proliferate-infra/backend/errors";
import type { BackendSetup } from "../../bootstrap/backend-setup.ts";
import { completeStacks, planStacks } from "../../bootstrap/environment-stacks.ts";
import type { OrganizationSettings } from "./organization.ts";
import { describeItems, type PlanItem } from "../../bootstrap/plan-item.ts";

/** What a set-up works on, and who is asked. */
export interface SetupContext {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Complete environment of `pulumi`. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Asks whether to go on; called only when something would change. */
  readonly confirm: () => Promise<boolean>;
  /** Whether resources shall be protected; asked when a stack is made. */
  readonly protectResources: () => Promise<boolean>;
  /** Settings that new stacks get. */
  readonly organization: OrganizationSettings;
  readonly pulumi: (
    args: readonly string[],
    where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ) => Promise<string>;
}

export interface SetupResult {
  /** `declined`: the person said no; nothing was changed. */
  readonly status: "done" | "unchanged" | "declined";
  readonly facts: EnvironmentFacts;
  readonly items: readonly PlanItem[];
}

/**
 * Refuses to turn an environment into another one.
 *
 * @throws UserError when the environment's file says other things than `facts`.
 */
export function checkFacts(root: string, stack: string, facts: EnvironmentFacts): void {
  const written = readEnvironmentFile(root, stack);
  const differences = KEYS.filter((key) => written?.[key] !== undefined && written[key] !== facts[key]);
  if (differences.length > 0) {
    const lines = differences.map(
      (key) => `  ${key}: ${written?.[key]}, but now it would be ${facts[key] ?? "nothing"}`,
    );
    throw new UserError(
      [
        `${environmentFile(root, stack)} describes another environment than credentials and options do:`,
        ...lines,
        "Use the credentials and options of that environment, or give the new one another name.",
      ].join("\n"),
    );
  }
}

const KEYS = ["account", "region", "stateUrl", "secretsProvider", "passphraseFile"] as const;

/**
 * Shows what is going to be done, asks, does it.
 *
 * @throws UserError when something that is there must not be used; then nothing was changed.
 */
export async function setUpEnvironment(
  stack: string,
  backend: BackendSetup,
  { root, env, say, confirm, protectResources, organization, pulumi }: SetupContext,
): Promise<SetupResult> {
  const { facts } = backend;
  checkFacts(root, stack, facts);
  const stacks = await planStacks({ root, stack, store: backend.store }, facts);
  const items = [...backend.items, ...stacks.map(({ item }) => item), planFile(root, stack, facts)];
  say(`Environment ${stack}, state in ${facts.stateUrl}:\n${describeItems(items)}`);
  if (items.some(({ action }) => action === "refuse")) {
    throw new UserError("Nothing was changed: what is marked REFUSED must be fixed first.");
  }
  const isUnchanged = items.every(({ action }) => action === "keep");
  if (!isUnchanged && !(await confirm())) {
    return { status: "declined", facts, items };
  }
  const isNew = stacks.some(({ found }) => !found.isStored);
  const settings = { protectResources: isNew ? await protectResources() : undefined, organization };
  const store = await backend.apply();
  const variables = { ...env, ...backend.variables };
  const url = backendUrl(parseStateUrl(facts.stateUrl));
  await pulumi(["login", url], { cwd: root, env: { ...variables, PULUMI_BACKEND_URL: undefined } });
  await completeStacks({ root, stack, store }, stacks, { ...facts, ...settings }, (directory, args) =>
    pulumi(args, { cwd: `${root}/${directory}`, env: { ...variables, PULUMI_BACKEND_URL: url } }),
  );
  if (!isUnchanged) {
    writeEnvironmentFile(root, stack, facts);
  }
  return { status: isUnchanged ? "unchanged" : "done", facts, items };
}

function planFile(root: string, stack: string, facts: EnvironmentFacts): PlanItem {
  const written = readEnvironmentFile(root, stack);
  const name = relative(root, environmentFile(root, stack));
  const missing = KEYS.filter((key) => facts[key] !== undefined && written?.[key] === undefined);
  if (written === undefined) {
    return { what: "facts file", name, action: "create", details: [] };
  }
  return {
    what: "facts file",
    name,
    action: missing.length > 0 ? "fix" : "keep",
    details: missing.map((key) => `add ${key}`),
  };
}
