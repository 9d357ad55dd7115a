/** Names that settings had in the single project which the four layers have replaced. Pure. */
import { keyNamed, type ConfigurationKey } from "../../settings/keys.ts";

/** Namespace of all its settings. */
const NAMESPACE = "proliferate-infra:";

/** Its settings with other names today; all others kept theirs. */
const RENAMED: ReadonlyMap<string, readonly ConfigurationKey[]> = new Map([
  ["imageTag", ["gatewayImageTag", "llmProxyImageTag", "workerImageTag"]],
]);

/**
 * Puts today's names into arguments `name`, `name=value` or `name=@FILE`; `notes` has a line for each that was changed. An
 * unknown name only loses its namespace.
 */
export function withCurrentNames(args: readonly string[]): {
  readonly args: readonly string[];
  readonly notes: readonly string[];
} {
  const notes: string[] = [];
  const current = args.flatMap((arg) => {
    if (!arg.startsWith(NAMESPACE)) {
      return [arg];
    }
    const [name = ""] = arg.slice(NAMESPACE.length).split("=", 1);
    const rest = arg.slice(NAMESPACE.length + name.length);
    const keys = RENAMED.get(name) ?? [keyNamed(name)].filter((key) => key !== undefined);
    if (keys.length > 0) {
      notes.push(`${NAMESPACE}${name} is now ${keys.join(", ")}`);
    }
    return keys.length === 0 ? [`${name}${rest}`] : keys.map((key) => `${key}${rest}`);
  });
  return { args: current, notes };
}
