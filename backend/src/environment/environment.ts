/** Finds the environment of a command, from ROLLOUT_STATE_URL or `environments/<stack>.yaml`. */
import { UserError } from "../errors.ts";
import { environmentFile, readEnvironmentFile, type EnvironmentFacts } from "./environment-file.ts";
import { pullCommand, setUpCommand } from "./missing-settings.ts";
import { backendUrl, parseStateUrl, type StateLocation } from "./state-url.ts";

/** Variable with the state URL; used by the local environment, and in CI without the file. */
export const STATE_URL_VARIABLE = "ROLLOUT_STATE_URL";

/** A stack and its state. */
export interface Environment {
  readonly stack: string;
  readonly state: StateLocation;
  /** Content of the environment's file; undefined when only the variable is set. */
  readonly facts: EnvironmentFacts | undefined;
  /** Variables for every `pulumi` process. */
  readonly pulumiVariables: Readonly<Record<string, string>>;
}

/**
 * Finds the environment `stack`.
 *
 * @throws UserError when neither the variable nor the file exists, or they differ.
 */
export function findEnvironment(root: string, stack: string, env: NodeJS.ProcessEnv): Environment {
  const facts = readEnvironmentFile(root, stack);
  const fromVariable = env[STATE_URL_VARIABLE];
  const stateUrl = fromVariable ?? facts?.stateUrl;
  if (stateUrl === undefined) {
    throw new UserError(
      [
        `This checkout does not know the environment ${stack}: ${environmentFile(root, stack)} is missing. One of these helps:`,
        `  ${pullCommand(stack)}     gets its settings, if it was deployed from another checkout; add --file FOLDER for a state in a folder`,
        `  ${setUpCommand(stack)}         sets it up, if it is new`,
        `  source scripts/local-env.sh                  for the stack local`,
        `  export ${STATE_URL_VARIABLE}=...              the URL of its state, where there are no files`,
      ].join("\n"),
    );
  }
  if (facts !== undefined && facts.stateUrl !== stateUrl) {
    throw new UserError(
      `${STATE_URL_VARIABLE} is ${stateUrl}, but ${environmentFile(root, stack)} has ${facts.stateUrl}. Unset the variable, or move the file away.`,
    );
  }
  const state = parseStateUrl(stateUrl);
  return {
    stack,
    state,
    facts,
    pulumiVariables: {
      PULUMI_BACKEND_URL: backendUrl(state),
      ...(facts?.passphraseFile === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: facts.passphraseFile }),
    },
  };
}
