/** Consent to a change, from the terminal or by --yes. */
import { UserError } from "@proliferate-infra/backend/errors";
import { say } from "./say.ts";

/**
 * Refuses a question where there is no terminal.
 *
 * @throws UserError with `fix`, such as `add --yes`.
 */
export function requireTerminal(command: string, fix: string): void {
  if (!process.stdin.isTTY) {
    throw new UserError(`${command} needs your consent, and there is no terminal to ask on; ${fix}.`);
  }
}

/**
 * Asks whether to go on; `yes` is the option --yes, which answers for the person. Prints when nothing will be changed.
 *
 * @throws UserError when there is no terminal, PromptCancelled when the person cancels.
 */
export async function consent(command: string, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) {
    return true;
  }
  requireTerminal(command, "add --yes");
  const { askYesOrNo } = await import("./prompts.ts");
  const agreed = await askYesOrNo(question, false);
  if (!agreed) {
    say("Nothing was changed.");
  }
  return agreed;
}
