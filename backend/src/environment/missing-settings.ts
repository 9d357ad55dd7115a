/** What to do where settings of an environment are missing or unusable, as commands. */
import { LOCAL_STACK } from "./local-names.ts";

/** Command that makes, or completes, what an environment needs beside its layers. */
export function setUpCommand(stack: string): string {
  return stack === LOCAL_STACK ? "scripts/try-local.sh" : `scripts/setup-pulumi.sh --stack ${stack}`;
}

/** Command that gets the settings of a deployed environment. It needs the folder of a state in a folder that the checkout does not know. */
export function pullCommand(stack: string, folder?: string): string {
  return `scripts/configure.sh pull --stack ${stack}${folder === undefined ? "" : ` --file ${folder}`}`;
}

/** Command that publishes the settings of a checkout. */
export function pushCommand(stack: string): string {
  return `scripts/configure.sh push --stack ${stack}`;
}

/** What to do where an environment's settings are missing. */
export function missingSettingsFix(stack: string): string {
  if (stack === LOCAL_STACK) {
    return `${setUpCommand(stack)} sets the local environment up.`;
  }
  return [
    "One of these:",
    `  ${pullCommand(stack)}     gets them, if ${stack} was deployed before`,
    `  ${setUpCommand(stack)}         makes them, if it was not`,
  ].join("\n");
}
