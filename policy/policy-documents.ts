/** IAM policy documents as rules see them: every statement with lists of texts. Pure. */

/** A statement of a document. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Services, accounts and ARNs of every kind. */
  readonly principals: readonly string[];
  /** Names of the condition keys, such as `aws:SourceAccount`. */
  readonly conditionKeys: readonly string[];
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

const valuesOf = (value: unknown): readonly unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value) : value === undefined ? [] : [value];

/** Statements of a document, as an object or as its text; none when there is none. */
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
