/** Measures the peak memory of a command's processes by kind. It runs `ps` twice a second. */
import { execa } from "execa";

const EVERY_MS = 500;

/** Name for the sum of all processes except the emulated AWS. */
export const TOGETHER = "all at once";

/** Kinds of processes by a part of the command line. The first match counts. */
const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["emulated AWS", /ministack/],
  ["provider", /pulumi-resource-aws/],
  ["language host", /pulumi-language-nodejs/],
  ["rollout", /orchestrator\/src\/cli\.ts/],
  ["engine", /^(\S*\/)?pulumi /],
  ["program", /@pulumi\/pulumi\/cmd\/run/],
];

/** Peak resident memory of one process of each kind, and of {@link TOGETHER}, in MiB. */
export type PeakMemory = Readonly<Record<string, number>>;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly mib: number;
  readonly kind: string | undefined;
}

async function processes(): Promise<readonly Process[]> {
  const { stdout } = await execa("ps", ["-eo", "pid=,ppid=,rss=,args=", "-ww"]);
  return stdout.split("\n").map((line) => {
    const [, pid, parent, kib, command = ""] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const kind = KINDS.find(([, pattern]) => pattern.test(command))?.[0];
    return { pid: Number(pid), parent: Number(parent), mib: Number(kib) / 1024, kind };
  });
}

function descendants(all: readonly Process[], root: number): readonly Process[] {
  const children = all.filter(({ parent }) => parent === root);
  return children.flatMap((child) => [child, ...descendants(all, child.pid)]);
}

/** Measures the child processes of this process while `work` runs. */
export async function peakMemory(work: () => Promise<unknown>): Promise<PeakMemory> {
  const peaks = new Map<string, number>();
  const raise = (kind: string, mib: number) => peaks.set(kind, Math.max(peaks.get(kind) ?? 0, mib));
  const look = async () => {
    const started = descendants(await processes(), process.pid);
    for (const { kind, mib } of started) {
      if (kind !== undefined) {
        raise(kind, mib);
      }
    }
    const ours = started.filter(({ kind }) => kind !== undefined && kind !== "emulated AWS");
    raise(
      TOGETHER,
      ours.reduce((sum, { mib }) => sum + mib, 0),
    );
  };
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Object.fromEntries(peaks);
}
