/** Returns the error that `work` rejects with. Throws when it does not reject. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  throw new Error("It did not fail.");
}
