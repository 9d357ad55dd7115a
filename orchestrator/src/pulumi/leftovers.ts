/** Processes that a killed engine leaves running: its providers, which lead process groups of their own, in its session. */
import { hasCode } from "@proliferate-infra/backend/errors";
import { execa } from "execa";

/**
 * Ends the processes of an engine that led a session, as those of a rollout do. Where `ps` does not list sessions by the number of
 * their leader, as on macOS, they stay, and do nothing.
 */
export async function endLeftovers(enginePid: number): Promise<void> {
  const { stdout } = await execa("ps", ["-eo", "pid=,sess="], { reject: false });
  for (const line of stdout.split("\n")) {
    const [pid, session] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && pid !== enginePid && session === enginePid) {
      endIfThere(pid);
    }
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) {
      throw error;
    }
  }
}
