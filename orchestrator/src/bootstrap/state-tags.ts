/**
 * The organization's tags on the resources of the state. Several environments share bucket and lock table, so a tag that is there
 * keeps its value. Pure.
 */
import type { Tags } from "@proliferate-infra/shared/values/tags";
import type { Requirement } from "./state-resource.ts";

/**
 * What makes sure that a resource has the tags; nothing where there are none. `namesIn` returns the names of the tags that it has, and
 * `put` adds some.
 */
export function tagRequirements<Facts extends object>(
  tags: Tags,
  namesIn: (facts: Facts) => readonly string[],
  put: (facts: Facts, missing: Tags) => unknown,
): readonly Requirement<Facts>[] {
  const missingIn = (facts: Facts): Tags =>
    Object.fromEntries(Object.entries(tags).filter(([name]) => !namesIn(facts).includes(name)));
  const requirement: Requirement<Facts> = {
    text: `tag it with ${Object.keys(tags).join(", ")}`,
    isMet: (facts) => Object.keys(missingIn(facts)).length === 0,
    fix: (facts) => put(facts, missingIn(facts)),
  };
  return hasAny(tags) ? [requirement] : [];
}

export function hasAny(tags: Tags): boolean {
  return Object.keys(tags).length > 0;
}

/** Tags as S3 and DynamoDB take them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
