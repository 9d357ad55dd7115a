/** `rollout env`: the variables that plain `pulumi` needs for an environment, for `scripts/env.sh`. */
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
    // The shell then finds the same tools as this command.
    PATH: process.env.PATH ?? "",
    [STACK_VARIABLE]: stack,
    // Not where environments/ has a file: the variable would also apply to the shell's next environment.
    ...(facts === undefined ? { [STATE_URL_VARIABLE]: formatStateUrl(state) } : {}),
    ...pulumiVariables,
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  process.stdout.write(shellExports({ set, unset: [] }));
  return ExitCode.done;
}
