/** Reads IAM policy documents: every statement with lists of text. Pure. */

export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Services, accounts and ARNs. */
  readonly principals: readonly string[];
  /** Names of the condition keys, such as `aws:SourceAccount`. */
  readonly conditionKeys: readonly string[];
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

const valuesOf = (value: unknown): readonly unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value) : value === undefined ? [] : [value];

/** Returns the statements of a document, which may be an object or JSON text; empty for undefined. */
export function statementsOf(document: unknown): readonly Statement[] {
  const parsed: unknown = typeof document === "string" ? JSON.parse(document) : document;
  const { Statement: statements = [] } = (parsed ?? {}) as { readonly Statement?: unknown };
  const all = (Array.isArray(statements) ? statements : [statements]) as readonly Readonly<Record<string, unknown>>[];
  return all.map(({ Effect, Action, Resource, Principal, Condition }) => ({
    effect: String(Effect),
    actions: texts(Action),
    resources: texts(Resource),
    principals: valuesOf(Principal).flatMap(texts),
    conditionKeys: valuesOf(Condition).flatMap((keys) => Object.keys(keys as object)),
  }));
}
