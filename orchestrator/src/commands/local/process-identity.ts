/** Distinguishes a recorded process from a later one with the same number. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface ProcessIdentity {
  /** When it began, in the system's own notation: compare, do not read. Stays the same when it runs another program. */
  readonly birth: string;
  /** Its command line, arguments separated by spaces. */
  readonly command: string;
}

/** The process of that number; undefined when there is none, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  return existsSync("/proc/self/stat") ? identifyInProc(pid) : identifyByPs(pid);
}

function identifyInProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    // proc_pid_stat(5): "pid (name) state ... starttime ..."; the name may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, birth] = [fields[0], fields[19]];
    return state === "Z" || state === "X" || birth === undefined ? undefined : { birth, command };
  } catch {
    return undefined;
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const line = execFileSync("ps", ["-ww", "-o", "stat=,lstart=,command=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [, state = "Z", birth = "", command = ""] = /^\s*(\S+)\s+(.{24})\s+(.*)$/m.exec(line) ?? [];
    return state.startsWith("Z") ? undefined : { birth, command };
  } catch {
    return undefined;
  }
}
