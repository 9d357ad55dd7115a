/** The programs that this host runs. None may outlive it. */
import { spawn } from "node:child_process";

/** How long a program may take to end by itself before it is killed. */
const graceMs = 5_000;

/** @type {Map<import("node:child_process").ChildProcess, Promise<void>>} */
const running = new Map();

/**
 * @param {readonly string[]} parameters of node
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {import("node:child_process").ChildProcess}
 */
export function startNode(parameters, options) {
  const child = spawn(process.execPath, parameters, options);
  const ended = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  running.set(
    child,
    ended.then(() => void running.delete(child)),
  );
  return child;
}

/**
 * Asks a program to end, and kills it when it does not.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<void>}
 */
export async function endProgram(child) {
  const ended = running.get(child);
  if (ended === undefined) return;
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(killer);
}

/** @returns {Promise<void>} */
export async function endAllPrograms() {
  await Promise.all([...running.keys()].map(endProgram));
}
