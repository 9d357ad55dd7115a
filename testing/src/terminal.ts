/** Runs a command on a pseudo-terminal of Python's standard library, reads its output and sends it keys. */
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";

/** Creates the terminal, sets its size, connects it to standard input and output, and exits with the command's code. */
const BRIDGE = `import os, pty, sys
sized = 'stty cols 120 rows 60; exec "$@"'
sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sized, "sh", *sys.argv[1:]])))`;

/** A command that runs on its own terminal. */
export class Terminal {
  readonly #process;
  #shown = "";
  /** End of the text that the last wait found. */
  #seen = 0;

  constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    this.#process = execa("python3", ["-c", BRIDGE, ...command], {
      env: { ...env, TERM: "xterm", NO_COLOR: "1" },
      extendEnv: false,
      reject: false,
      buffer: false,
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#shown += text;
    });
  }

  /** All output, without colors and cursor movements. */
  get shown(): string {
    return stripVTControlCharacters(this.#shown);
  }

  /** Waits until new output matches the pattern. Returns undefined when the command ends without a match. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    for (;;) {
      const match = pattern.exec(this.shown.slice(this.#seen));
      if (match !== null) {
        this.#seen += match.index + match[0].length;
        return match;
      }
      if (!(await this.#more())) {
        return undefined;
      }
    }
  }

  /** Sends keys to the command. */
  type(keys: string): void {
    this.#process.stdin.write(keys);
  }

  /** Waits until the command ends. Returns its exit code. */
  async end(): Promise<number | undefined> {
    return (await this.#process).exitCode;
  }

  /** Ends a command that a test has left alone. */
  stop(): void {
    this.#process.kill("SIGKILL");
  }

  /** Waits for more to be shown; false when there will be none. */
  async #more(): Promise<boolean> {
    const { stdout } = this.#process;
    if (stdout.readableEnded) {
      return false;
    }
    return new Promise((resolve) => {
      const settle = (more: boolean) => {
        stdout.off("data", onData).off("end", onEnd);
        resolve(more);
      };
      const onData = () => {
        settle(true);
      };
      const onEnd = () => {
        settle(false);
      };
      stdout.once("data", onData).once("end", onEnd);
    });
  }
}

export const Key = { enter: "\r", down: "\u001B[B", space: " ", interrupt: "\u0003", clearLine: "\u0015" } as const;
