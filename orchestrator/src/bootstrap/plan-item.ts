/** One line of what `rollout setup` is going to do, for people and for `--json`. Pure. */
import type { Plan } from "./plan.ts";

/** What becomes of one thing that an environment needs. */
export interface PlanItem {
  /** Kind, such as "bucket" or "stack of network". */
  readonly what: string;
  readonly name: string;
  /** `keep`: it is there and right. */
  readonly action: "create" | "fix" | "keep" | "refuse";
  /** What is fixed, or why it is refused. */
  readonly details: readonly string[];
}

/** The item for something that is refused for these reasons, else fixed in these respects, else kept. */
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

/** The item for a part of the state backend; `describe` words a fix. */
export function backendItem<Repair>(
  what: string,
  name: string,
  plan: Plan<Repair>,
  describe: (fix: Repair) => string,
): PlanItem {
  switch (plan.action) {
    case "create":
      return { what, name, action: "create", details: [] };
    case "adopt":
      return itemOf(what, name, { refused: [], fixed: plan.repairs.map(describe) });
    case "refuse":
      return itemOf(what, name, { refused: plan.differences, fixed: [] });
  }
}

const WORDS = { create: "create", fix: "fix", keep: "is there", refuse: "REFUSED" } as const;

/** The items as a table, one on a line. */
export function describeItems(items: readonly PlanItem[]): string {
  const width = Math.max(...items.map(({ what }) => what.length));
  return items
    .map(({ what, name, action, details }) => {
      const why = details.length === 0 ? "" : `: ${details.join("; ")}`;
      return `  ${WORDS[action].padEnd(8)}  ${what.padEnd(width)}  ${name}${why}`;
    })
    .join("\n");
}
