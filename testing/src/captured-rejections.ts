/** Errors thrown inside outputs. They surface as unhandled rejections, several for one error. */

/** Runs `run` and returns the distinct messages of the errors that its outputs threw. */
export async function capturedRejections(run: () => Promise<unknown>): Promise<readonly string[]> {
  const usual = process.listeners("unhandledRejection");
  const messages = new Set<string>();
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => {
    messages.add((reason as Error).message);
  });
  try {
    await run();
    // Node.js reports rejections after the microtasks of the current turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
  } catch (error) {
    messages.add((error as Error).message);
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of usual) {
      process.on("unhandledRejection", listener);
    }
  }
  return [...messages];
}
