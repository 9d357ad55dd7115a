/** What to do about a resource of the state backend, as data: planned from what was found, shown, then carried out. */

/** `Repair`: a change that is safe on a resource in use. */
export type Plan<Repair> =
  /** It is not there; `repairs` complete it once it is created. */
  | { readonly action: "create"; readonly repairs: readonly Repair[] }
  /** It is there and ours. No repairs: nothing to do. */
  | { readonly action: "adopt"; readonly repairs: readonly Repair[] }
  /** It is there, and not safe to use or to change; each difference is the end of a sentence about it. */
  | { readonly action: "refuse"; readonly differences: readonly string[] };

/** The plan for something that is there: refused as soon as anything speaks against it. */
export function adoptUnless<Repair>(differences: readonly string[], repairs: readonly Repair[]): Plan<Repair> {
  return differences.length > 0 ? { action: "refuse", differences } : { action: "adopt", repairs };
}

/** Whether carrying the plan out changes nothing. */
export function isDone(plan: Plan<unknown>): boolean {
  return plan.action === "adopt" && plan.repairs.length === 0;
}
