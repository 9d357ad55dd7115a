/** One line of what `rollout setup` is going to do, for people and for `--json`. Pure. */
import { UserError } from "@proliferate-infra/backend/errors";

/** What becomes of one thing that an environment needs. */
export interface PlanItem {
  /** Kind, such as "bucket" or "stack of network". */
  readonly what: string;
  readonly name: string;
  /** `keep`: it is there and right. */
  readonly action: "create" | "fix" | "keep" | "refuse";
  /** What is fixed or done at the creation, or why it is refused. */
  readonly details: readonly string[];
}

/** Returns the item of a resource: refused where there are reasons, else fixed where something differs, else kept. */
export function itemOf(
  what: string,
  name: string,
  { refused, fixed }: { readonly refused: readonly string[]; readonly fixed: readonly string[] },
): PlanItem {
  if (refused.length > 0) {
    return { what, name, action: "refuse", details: refused };
  }
  return { what, name, action: fixed.length > 0 ? "fix" : "keep", details: fixed };
}

/** @throws UserError with all reasons, when an item is refused. */
export function checkRefusals(items: readonly PlanItem[]): void {
  const refused = items.filter(({ action }) => action === "refuse");
  if (refused.length > 0) {
    const lines = refused.flatMap(({ what, name, details }) =>
      details.map((reason) => `The ${what} ${name} ${reason}.`),
    );
    throw new UserError(lines.join("\n"));
  }
}

const WORDS = { create: "create", fix: "fix", keep: "is there", refuse: "REFUSED" } as const;

/** The items as a table, one on a line; several details of one follow on lines of their own. */
export function describeItems(items: readonly PlanItem[]): string {
  const width = Math.max(...items.map(({ what }) => what.length));
  return items
    .map(({ what, name, action, details }) => {
      const separator = details.length > 1 ? "\n    - " : " ";
      const why = details.length === 0 ? "" : `:${separator}${details.join(separator)}`;
      return `  ${WORDS[action].padEnd(8)}  ${what.padEnd(width)}  ${name}${why}`;
    })
    .join("\n");
}
