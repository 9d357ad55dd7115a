/** Servers of these tests: on 127.0.0.1, and ended with the test process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program with its arguments and, where it must be another than this process's, its user. */
export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Working folder, which the user may enter. */
  readonly folder: string;
}

/** A running server. */
export interface ServerProcess {
  readonly stop: () => Promise<void>;
}

const guard = fileURLToPath(new URL("end-with-parent.mjs", import.meta.url));

/**
 * Starts a server and waits until its output has `readyText`.
 *
 * @throws Error with its output when it ends before.
 */
export async function startServer(server: ServerProgram, readyText: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [guard, JSON.stringify(server)], { cwd: server.folder });
  const exit = once(child, "exit");
  let output = "";
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes(readyText)) {
          resolve();
        }
      });
    }
  });
  const failure = exit.then(() => {
    throw new Error(`${server.program} ended before it was ready:\n${output}`);
  });
  // It also settles when the server is stopped; nobody waits for it then.
  failure.catch(() => undefined);
  await Promise.race([ready, failure]);
  return {
    stop: async () => {
      child.stdin.end();
      await exit;
    },
  };
}
