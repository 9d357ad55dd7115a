/** Child processes whose output goes to a log file. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { ToolFault } from "./tool-fault.mjs";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * Runs a command to its end; all its output is appended to the log.
 * @param {readonly string[]} command program and arguments; no shell
 * @param {{ step: string, log: string, folder: string, env: NodeJS.ProcessEnv, fix?: string }} options `step` names the
 *   command in the fault, `fix` says what a failure most likely means
 * @returns {Promise<void>}
 * @throws {ToolFault} with the log's last 20 lines
 */
export async function runLogged(command, { step, log, folder, env, fix }) {
  const output = openSync(log, "a");
  try {
    const fault = await runToEnd(command, folder, env, output);
    if (fault === undefined) return;
    throw new ToolFault(`${step} failed: ${command[0]} ${fault} (log: ${log})`, {
      log: lastLines(readFileSync(log, "utf8"), 20),
      ...(fix === undefined ? {} : { fix }),
    });
  } finally {
    closeSync(output);
  }
}

/**
 * @param {readonly string[]} command
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {number} output file descriptor
 * @returns {Promise<string | undefined>} how it failed; undefined when it did not
 */
function runToEnd([program = "", ...parameters], folder, env, output) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { cwd: folder, env, stdio: ["ignore", output, output] });
    const end = (/** @type {string | undefined} */ fault) => {
      running.delete(child);
      resolve(fault);
    };
    running.add(child);
    child.on("error", (error) => end(`could not be started: ${error.message}`));
    child.on("close", (code, signal) => {
      end(code === 0 ? undefined : signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
}

/** Ends the commands that still run, for when the set-up itself is ended. */
export function endRunningCommands() {
  for (const child of running) child.kill("SIGTERM");
}

/** @param {string} text @param {number} count @returns {string[]} without empty lines at the end */
function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count);
}
