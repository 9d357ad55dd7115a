/** Peak memory of a process and of those that it starts, by name: looked at four times a second with `ps`. */
import { execa } from "execa";

const EVERY_MS = 250;

/** Largest resident memory of one process of each name, in MiB, and of all of them at one time. */
export interface PeakMemory {
  readonly byName: Readonly<Record<string, number>>;
  readonly together: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly mib: number;
  readonly name: string;
}

async function processes(): Promise<readonly Process[]> {
  const { stdout } = await execa("ps", ["-eo", "pid=,ppid=,rss=,comm="]);
  return stdout.split("\n").map((line) => {
    const [pid = "", parent = "", rss = "", ...name] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), mib: Number(rss) / 1024, name: name.join(" ") };
  });
}

function descendants(all: readonly Process[], root: number): readonly Process[] {
  const children = all.filter(({ parent }) => parent === root);
  return children.flatMap((child) => [child, ...descendants(all, child.pid)]);
}

/** Watches what this process starts while `work` runs. */
export async function peakMemory(work: () => Promise<unknown>): Promise<PeakMemory> {
  const byName = new Map<string, number>();
  let together = 0;
  const look = async () => {
    const started = descendants(await processes(), process.pid).filter(({ name }) => name !== "ps");
    started.forEach(({ name, mib }) => byName.set(name, Math.max(byName.get(name) ?? 0, mib)));
    together = Math.max(
      together,
      started.reduce((sum, { mib }) => sum + mib, 0),
    );
  };
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const rounded = [...byName].map(([name, mib]) => [name, Math.round(mib)]);
  return { byName: Object.fromEntries(rounded) as Record<string, number>, together: Math.round(together) };
}
