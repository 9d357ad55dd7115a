/** A creation that was cut off, and what a search for its resource at AWS needs. */
import { UserError } from "@proliferate-infra/backend/errors";
import type { CutOffCreation } from "@proliferate-infra/backend/pulumi-files/cut-off-operations";

export interface Creation extends CutOffCreation {
  /** IDs of resources that are in the state, so that they are no result of this creation. */
  readonly knownIds: ReadonlySet<string>;
}

/** What a search is done with. */
export interface SearchOptions {
  readonly region: string | undefined;
  /** Ends the wait for a resource that AWS still creates. */
  readonly signal: AbortSignal;
}

/**
 * Returns the ID that Pulumi's AWS provider gives to the created resource, as soon as AWS has completed it; undefined when
 * there is none.
 *
 * @throws UserError when AWS cannot be asked, or several resources fit.
 */
export type Finder = (creation: Creation, options: SearchOptions) => Promise<string | undefined>;

/** An input that the search needs. Inputs that Pulumi sent to AWS are known, so a missing one is an error of this table. */
export function textOf({ type, inputs }: Creation, input: string): string {
  const value = inputs[input];
  if (typeof value !== "string") {
    throw new UserError(`The creation of ${type} has no ${input}, so its resource cannot be searched for.`);
  }
  return value;
}

/** The one ID among `ids` that is not in the state. */
export function theNewOne({ urn, knownIds }: Creation, ids: readonly string[]): string | undefined {
  const found = [...new Set(ids)].filter((id) => !knownIds.has(id));
  if (found.length > 1) {
    throw new UserError(`Several resources at AWS may be ${urn}: ${found.join(", ")}.`);
  }
  return found[0];
}

/** Whether a resource with these tags has all that are wanted. */
export function hasTags(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => tags.some(({ Key, Value }) => Key === key && Value === value));
}

/** The answer of `call`, or undefined when AWS answers with the error `missing`. */
export async function unlessMissing<T>(missing: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && error.name === missing) {
      return undefined;
    }
    throw error;
  }
}

/** Longest wait for a resource that AWS still creates, in seconds: as long as the AWS provider waits for a database. */
const LONGEST_WAIT_S = 40 * 60;

/** How the SDK waits with this client. */
export function waiting<Client>(client: Client, { signal }: SearchOptions) {
  return { client, maxWaitTime: LONGEST_WAIT_S, abortSignal: signal };
}
