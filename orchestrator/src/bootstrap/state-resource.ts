/**
 * A resource that an environment's state needs, in AWS or in a folder: read, planned, then created or fixed. The plan is shown before anything
 * changes. What an interrupted set-up left half done is planned and completed by the next one.
 */
import { setTimeout } from "node:timers/promises";
import { UserError } from "@proliferate-infra/backend/errors";
import { checkRefusals, itemOf, type PlanItem } from "./plan-item.ts";

/** What there is under a resource's name. `unusable`: nothing can be read of it; each reason is the end of a sentence. */
export type Found<Facts extends object> =
  | { readonly status: "absent" }
  | { readonly status: "unusable"; readonly reasons: readonly string[] }
  | { readonly status: "present"; readonly facts: Facts };

/** What a resource must be in one respect. */
export interface Requirement<Facts extends object> {
  /** What the fix does, in words. */
  readonly text: string;
  readonly isMet: (facts: Facts) => boolean;
  /** Makes the change; safe on a resource in use. */
  readonly fix: (facts: Facts) => unknown;
}

/** One resource with what it must be. */
export interface StateResource<Facts extends object> {
  /** Kind, such as "lock table". */
  readonly what: string;
  readonly name: string;
  readonly read: () => Found<Facts> | Promise<Found<Facts>>;
  /** Why one that is there must be neither used nor changed; each reason is the end of a sentence. */
  readonly refusals: (facts: Facts) => readonly string[];
  /** Whether it can be changed now; left out: always. A fix waits for it. */
  readonly isReady?: (facts: Facts) => boolean;
  /** In the order of their fixes. */
  readonly requirements: readonly Requirement<Facts>[];
  /** Creates it; the requirements complete it. One that another set-up has just created is as good. */
  readonly create: () => void | Promise<void>;
}

/** Reads a resource, and plans what to do about it. Changes nothing. */
export async function readPlan<Facts extends object>(resource: StateResource<Facts>): Promise<PlanItem> {
  return planResource(resource, await resource.read());
}

/** Plans what to do about what was found. Pure. */
export function planResource<Facts extends object>(resource: StateResource<Facts>, found: Found<Facts>): PlanItem {
  const { what, name } = resource;
  switch (found.status) {
    case "absent":
      return { what, name, action: "create", details: resource.requirements.map(({ text }) => text) };
    case "unusable":
      return itemOf(what, name, { refused: found.reasons, fixed: [] });
    case "present": {
      const fixed = unmetRequirements(resource, found.facts).map(({ text }) => text);
      return itemOf(what, name, { refused: resource.refusals(found.facts), fixed });
    }
  }
}

/**
 * Creates or fixes a resource, one call after the other, and reads whether all is then as wanted.
 *
 * @returns the resource as it is then.
 * @throws UserError when it must not be used; then it was not changed.
 */
export async function completeResource<Facts extends object>(resource: StateResource<Facts>): Promise<Facts> {
  let facts = await readUsable(resource);
  if (facts === undefined) {
    await resource.create();
    facts = await readUntil(resource, () => true);
  }
  const unmet = unmetRequirements(resource, facts);
  for (const { isMet, fix } of unmet) {
    const current = resource.isReady === undefined ? facts : await readUntil(resource, resource.isReady);
    if (!isMet(current)) {
      await fix(current);
    }
  }
  return unmet.length === 0 ? facts : readUntil(resource, (shown) => unmetRequirements(resource, shown).length === 0);
}

function unmetRequirements<Facts extends object>(
  { requirements }: StateResource<Facts>,
  facts: Facts,
): readonly Requirement<Facts>[] {
  return requirements.filter(({ isMet }) => !isMet(facts));
}

/** Returns undefined when the resource is absent. */
async function readUsable<Facts extends object>(resource: StateResource<Facts>): Promise<Facts | undefined> {
  const found = await resource.read();
  checkRefusals([planResource(resource, found)]);
  return found.status === "present" ? found.facts : undefined;
}

const READS = 60;
const PAUSE_MS = 2000;

/**
 * Reads a resource until it is as it shall be: AWS may show a change late, and some changes take it a while.
 *
 * @returns the resource as it is then.
 * @throws UserError when it must not be used, or is not so after two minutes.
 */
async function readUntil<Facts extends object>(
  resource: StateResource<Facts>,
  isDone: (facts: Facts) => boolean,
): Promise<Facts> {
  for (let read = 1; read <= READS; read++) {
    const facts = await readUsable(resource);
    if (facts !== undefined && isDone(facts)) {
      return facts;
    }
    await setTimeout(PAUSE_MS);
  }
  throw new UserError(
    `AWS still does not show the last change of the ${resource.what} ${resource.name}. Run the same command again.`,
  );
}
