/** Environment variables as commands of a POSIX shell (sh, bash, zsh). */

/** Variables to set, and names to remove. */
export interface VariableChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/** `value` as one word of a shell command, whatever it holds. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** Commands that make the changes, one on a line, for `eval`. */
export function shellExports({ set, unset }: VariableChanges): string {
  const removals = unset.map((name) => `unset ${name}\n`);
  const exports = Object.entries(set).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return [...removals, ...exports].join("");
}

/** `env` with the changes made. */
export function changedEnvironment(env: NodeJS.ProcessEnv, { set, unset }: VariableChanges): NodeJS.ProcessEnv {
  const removed = new Set(unset);
  const kept = Object.entries(env).filter(([name]) => !removed.has(name));
  return { ...Object.fromEntries(kept), ...set };
}
