/** Temporarily replaces this process's environment variables, for code that reads its AWS settings from them. */

/** Sets these variables and removes all others. Returns a function that restores the old ones. */
export function withVariables(variables: NodeJS.ProcessEnv): () => void {
  const before = { ...process.env };
  replaceAll(variables);
  return () => {
    replaceAll(before);
  };
}

function replaceAll(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    // The name is from the process's environment.
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete process.env[name];
  }
  Object.assign(process.env, variables);
}
