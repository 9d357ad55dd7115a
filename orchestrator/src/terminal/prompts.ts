/** Questions by @clack/prompts. Import this file only when a question is asked, since the library takes time to load. */
import { confirm, isCancel, text, updateSettings } from "@clack/prompts";
import { ExitCode, PrintedError } from "@proliferate-infra/backend/errors";

// The library cancels at Ctrl-C and Escape; at Ctrl-D it would never answer.
updateSettings({ aliases: { "\u0004": "cancel" } });

/** The person has cancelled a question. */
export class PromptCancelled extends PrintedError {
  constructor() {
    super("Nothing was changed.", ExitCode.interrupted);
  }
}

/** The answer to a prompt of the library. Throws PromptCancelled. */
export async function answerOf<T>(prompt: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await prompt;
  if (isCancel(answer)) {
    throw new PromptCancelled();
  }
  return answer as Exclude<T, symbol>;
}

/** To standard error, because standard output belongs to `--json`; without the line that joins a wizard's questions. */
const SINGLE_QUESTION = { output: process.stderr, withGuide: false };

/** Asks yes or no; `initialValue` is what Enter answers. Throws PromptCancelled. */
export async function askYesOrNo(message: string, initialValue: boolean): Promise<boolean> {
  return answerOf(confirm({ ...SINGLE_QUESTION, message, initialValue }));
}

/** Asks for a text. Returns it without surrounding space. Throws PromptCancelled. */
export async function askText(message: string): Promise<string> {
  return (await answerOf(text({ ...SINGLE_QUESTION, message }))).trim();
}
