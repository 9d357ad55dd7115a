/** What to do about a resource of the state backend, as data: planned from what was found, shown, then carried out. */

/** `Mend`: a change that is safe on a resource in use. */
export type Plan<Mend> =
  /** It is not there; `mends` complete it once it is created. */
  | { readonly action: "create"; readonly mends: readonly Mend[] }
  /** It is there and ours. No mends: nothing to do. */
  | { readonly action: "adopt"; readonly mends: readonly Mend[] }
  /** It is there, and not safe to use or to change; each difference is the end of a sentence about it. */
  | { readonly action: "refuse"; readonly differences: readonly string[] };

/** The plan for something that is there: refused as soon as anything speaks against it. */
export function adoptUnless<Mend>(differences: readonly string[], mends: readonly Mend[]): Plan<Mend> {
  return differences.length > 0 ? { action: "refuse", differences } : { action: "adopt", mends };
}

/** Whether carrying the plan out changes nothing. */
export function isDone(plan: Plan<unknown>): boolean {
  return plan.action === "adopt" && plan.mends.length === 0;
}
