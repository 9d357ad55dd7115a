/** `rollout env`: the variables in which plain `pulumi` works on an environment, for `scripts/env.sh`. */
import { findEnvironment, STATE_URL_VARIABLE } from "@proliferate-infra/backend/environment/environment";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { STACK_VARIABLE } from "../options.ts";
import { shellExports } from "../terminal/shell-exports.ts";

/** Prints the variables as shell commands, for `eval`. Returns the exit code. */
export function printVariables({ stack }: { readonly stack: string }): number {
  const { state, facts, pulumiVariables } = findEnvironment(repositoryRoot, stack, process.env);
  const set = {
    // With PATH, so that a shell gets the tools that this command was found with.
    PATH: process.env.PATH ?? "",
    [STACK_VARIABLE]: stack,
    // A file in environments/ says it better: the next environment of the same shell has another one.
    ...(facts === undefined ? { [STATE_URL_VARIABLE]: formatStateUrl(state) } : {}),
    ...pulumiVariables,
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  process.stdout.write(shellExports({ set, unset: [] }));
  return ExitCode.done;
}
