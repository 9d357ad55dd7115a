import { failureOf } from "./failure.ts";

/** Returns the error code with which AWS refuses a call. Throws when AWS accepts it. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: Error & { readonly Code?: string } = await failureOf(call);
  // Names in the SDK have endings that codes do not have; errors in XML have the code itself.
  return error.Code ?? error.name;
}
