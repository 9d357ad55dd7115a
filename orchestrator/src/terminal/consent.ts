/** Asking the person at the terminal. */
import { createInterface } from "node:readline/promises";
import { say } from "./say.ts";
import { UserError } from "@proliferate-infra/backend/errors";

/** Refuses to go on without a person's consent. */
export function requireTerminal(what: string, remedy: string): void {
  if (!process.stdin.isTTY) {
    throw new UserError(`${what} needs your consent, and there is no terminal to ask on; ${remedy}.`);
  }
}

/** What the person at the terminal answers, without surrounding space. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer.trim();
}

/**
 * Asks whether to go on; `yes` is the option --yes, which answers for the person. Says so when nothing will be changed.
 *
 * @throws UserError when there is nobody to ask.
 */
export async function consent(command: string, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) {
    return true;
  }
  requireTerminal(command, "add --yes");
  const agreed = /^y(es)?$/i.test(await ask(`${question} [y/N] `));
  if (!agreed) {
    say("Nothing was changed.");
  }
  return agreed;
}
