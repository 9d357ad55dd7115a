/**
 * What the rollout costs and saves, against the same commands by hand: ratios within one run on one machine, in turns, as
 * medians. Deploys a small environment of its own to an emulated AWS. Usage: pnpm bench [rounds]; prints a table, writes
 * bench/results.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { layerNames } from "@proliferate-infra/shared/layers";
import { textTable } from "@proliferate-infra/rollout/text-table";
import { EngineEnvironment, root } from "../test/support/engine-environment.ts";
import { smallEnvironment } from "../test/support/small-environment.ts";

const STACK = "dev-bench";
/** By hand there is no rollout that looks at lock and upstreams, and no guard is wanted in its place. */
const BY_HAND = { ROLLOUT_RUN_ID: "bench" };

/** One thing that is timed, with what it is compared to. */
interface Subject {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  /** Name of the subject that it is divided by. */
  readonly against?: string;
}

async function must(work: Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>): Promise<void> {
  const { exitCode, stdout, stderr } = await work;
  if (exitCode !== 0) {
    throw new Error(`A command failed:\n${stdout}\n${stderr}`);
  }
}

function subjects(environment: EngineEnvironment): readonly Subject[] {
  const rollout = (command: string, ...args: string[]) => must(environment.rollout(command, ...args));
  const oneByOne = async (...args: string[]) => {
    for (const layer of layerNames) {
      await must(environment.pulumiWith(BY_HAND, layer, ...args));
    }
  };
  const inEmptyProgram = (...args: string[]) =>
    execa("pulumi", [...args, "--stack", STACK, "--non-interactive"], {
      cwd: join(root, "bench/empty-program"),
      env: environment.env,
      extendEnv: false,
    });
  const cli = join(root, "rollout/src/cli.ts");
  return [
    { name: "pulumi up, four by hand", run: () => oneByOne("up", "--yes", "--skip-preview") },
    { name: "rollout up --force", run: () => rollout("up", "--yes", "--force"), against: "pulumi up, four by hand" },
    { name: "rollout up, nothing to do", run: () => rollout("up", "--yes"), against: "pulumi up, four by hand" },
    { name: "pulumi preview, four by hand", run: () => oneByOne("preview") },
    { name: "rollout preview", run: () => rollout("preview"), against: "pulumi preview, four by hand" },
    { name: "pulumi refresh --preview-only, four by hand", run: () => oneByOne("refresh", "--preview-only") },
    { name: "rollout drift", run: () => rollout("drift"), against: "pulumi refresh --preview-only, four by hand" },
    { name: "pulumi up, empty program", run: () => inEmptyProgram("up", "--yes", "--skip-preview") },
    {
      name: "pulumi up in services",
      run: () => must(environment.pulumi("services", "up", "--yes", "--skip-preview")),
      against: "pulumi up, empty program",
    },
    { name: "node, nothing", run: () => execa("node", ["-e", "0"]) },
    { name: "rollout --help", run: () => execa(cli, ["--help"]), against: "node, nothing" },
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

const rounds = Number(process.argv[2] ?? 5);
const environment = await EngineEnvironment.start(STACK, smallEnvironment);
try {
  await must(environment.rollout("up", "--yes"));
  const empty = { cwd: join(root, "bench/empty-program"), env: environment.env, extendEnv: false } as const;
  await execa("pulumi", ["stack", "init", STACK], { ...empty, env: { ...empty.env, PULUMI_CONFIG_PASSPHRASE: "" } });
  const all = subjects(environment);
  const times = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Every other round backwards, so that none always follows the same one.
    for (const { name, run } of round % 2 === 0 ? all : all.toReversed()) {
      const begin = performance.now();
      await run();
      times.get(name)?.push(performance.now() - begin);
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  const medians = new Map([...times].map(([name, each]) => [name, median(each)]));
  const results = all.map(({ name, against }) => {
    const own = medians.get(name) ?? 0;
    const other = against === undefined ? undefined : medians.get(against);
    return { name, medianMs: Math.round(own), against, ratio: other === undefined ? undefined : own / other };
  });
  const document = { schemaVersion: 1, rounds, cores: cpus().length, results, times: Object.fromEntries(times) };
  mkdirSync(join(root, "bench"), { recursive: true });
  writeFileSync(join(root, "bench/results.json"), `${JSON.stringify(document, null, 2)}\n`);
  const rows = results.map(({ name, medianMs, against, ratio }) => [
    name,
    `${(medianMs / 1000).toFixed(2)} s`,
    ratio === undefined ? "" : `${ratio.toFixed(2)} x ${against}`,
  ]);
  process.stdout.write(`${textTable(["what", "median", "ratio"], rows)}\n`);
} finally {
  await environment.dispose();
}
