/** What to do where settings of an environment are missing or unusable, as commands. */
import { LOCAL_STACK } from "./local-names.ts";

/** Command that makes, or completes, what an environment needs beside its layers. */
export function setUpCommand(stack: string): string {
  return stack === LOCAL_STACK ? "scripts/try-local.sh" : `scripts/setup-pulumi.sh --stack ${stack}`;
}

/** What brings the settings of a deployed environment into a checkout that lacks them. */
export function copySettings(stack: string): string {
  return `copy stacks/*/Pulumi.${stack}.yaml and environments/${stack}.yaml from the checkout that ${stack} was deployed from (docs/operations.md)`;
}

/** What to do where an environment's settings are missing. */
export function missingSettingsFix(stack: string): string {
  if (stack === LOCAL_STACK) {
    return `${setUpCommand(stack)} sets the local environment up.`;
  }
  return [
    `If ${stack} was deployed before: ${copySettings(stack)}.`,
    `If not, this makes what is missing:\n  ${setUpCommand(stack)}`,
  ].join("\n");
}
