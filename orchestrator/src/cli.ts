#!/usr/bin/env node
/** Runs the command line and ends with its exit code. */
import "@proliferate-infra/shared/program/compile-cache";
import { rolloutProgram } from "./command-line/program.ts";

// A reader that leaves, such as `| head`, must not end a run in the middle.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
}

try {
  await rolloutProgram().parseAsync();
} catch (error) {
  const { printedError } = await import("./aws/credentials-error.ts");
  const printed = await printedError(error, process.env);
  if (printed === undefined) {
    throw error;
  }
  process.stderr.write(`${printed.message}\n`);
  process.exitCode = printed.exitCode;
}
