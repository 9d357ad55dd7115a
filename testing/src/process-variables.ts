/** Environment variables of this process for a while, for code that finds its AWS settings there. */

/** Sets these variables and removes all others; the answer puts everything back. */
export function withVariables(variables: NodeJS.ProcessEnv): () => void {
  const before = { ...process.env };
  replaceAll(variables);
  return () => {
    replaceAll(before);
  };
}

function replaceAll(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    // A name of the process's own environment.
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete process.env[name];
  }
  Object.assign(process.env, variables);
}
