/** `rollout configure unset`: takes keys out of all layers that have them. */
import { ExitCode, InvalidRequest } from "../layer-results.ts";
import { repositoryRoot, say } from "../rollout-command.ts";
import { describeChange } from "./configure-texts.ts";
import { openConfiguration } from "./environment-configuration.ts";
import { presentNames } from "./plan-changes.ts";
import { readNames } from "./requested-values.ts";

/** Removes keys; also names in the layers' files that are no keys. Answers the exit code. */
export async function unset(names: readonly string[], { stack }: { readonly stack: string }): Promise<number> {
  const plan = await openConfiguration(repositoryRoot, stack, { env: process.env, say }).change((configurations) => {
    const { values, faults } = readNames(names, presentNames(configurations));
    if (faults.length > 0) {
      throw new InvalidRequest(`Nothing was changed:\n  ${faults.join("\n  ")}`);
    }
    return new Map(values.map((name) => [name, undefined]));
  });
  say(describeChange(plan, [], stack));
  return ExitCode.done;
}
