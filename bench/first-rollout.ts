/** From nothing to a deployed environment, and a new image in it: four layers by hand, by the rollout, as one project. */
import { EngineEnvironment } from "../test/support/engine-environment.ts";
import { smallEnvironment } from "../test/support/small-environment.ts";
import { BenchProject, must, oneByOne } from "./by-hand.ts";
import { measure, Taken, type Measured, type Subject } from "./measure.ts";

const UP = ["up", "--yes", "--skip-preview"];
const IMAGE_KEY = "proliferate-services:gatewayImageTag";
const IMAGE = "bench-2";

const settings = { ...smallEnvironment, gatewayImageTag: "bench-1", workerImageTag: "bench-1" };

/** How one environment comes to be, and how its gateway gets another image. */
interface Way {
  readonly deploy: () => Promise<unknown>;
  readonly release: () => Promise<unknown>;
}

type WayOf = (environment: EngineEnvironment, single: BenchProject, say: (line: string) => void) => Way;

const releaseInServices = (environment: EngineEnvironment) => async () => {
  await must(environment.pulumi("services", ...UP));
};

const ways: Readonly<Record<string, WayOf>> = {
  "four by hand": (environment) => ({
    deploy: () => oneByOne(environment, ...UP),
    release: releaseInServices(environment),
  }),
  rollout: (environment, _, say) => ({
    deploy: async () => {
      const { startedAt, finishedAt, layers } = await environment.report("up");
      const whole = Date.parse(finishedAt) - Date.parse(startedAt);
      const engine = layers.reduce((sum, { durationMs }) => sum + durationMs, 0);
      say(`of ${whole} ms, the rollout itself took ${whole - engine} ms; the rest is the engine's and the provider's`);
    },
    release: () => must(environment.rollout("up", "--yes")),
  }),
  "rollout --pipelined": (environment) => ({
    deploy: () => must(environment.rollout("up", "--yes", "--pipelined")),
    release: releaseInServices(environment),
  }),
  "one project": (_, single) => ({ deploy: () => single.pulumi(UP), release: () => single.pulumi(UP) }),
};

/** Measures first deployments, each on an AWS of its own, and a new image in each. */
export async function measureFirst(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const releases = new Map<string, number[]>();
  const subjects: readonly Subject[] = Object.entries(ways).map(([name, wayOf]) => ({
    name: `first: ${name}`,
    run: async () => {
      const { deployMs, releaseMs } = await timed(wayOf, say);
      releases.set(name, [...(releases.get(name) ?? []), releaseMs]);
      return new Taken(deployMs);
    },
    ...(name === "four by hand" ? {} : { against: "first: four by hand" }),
  }));
  const first = await measure(subjects, rounds, say);
  const image = await measure(
    [...releases].map(([name, times]) => ({
      name: `new image: ${name}`,
      run: () => Promise.resolve(new Taken(times.shift() ?? 0)),
      ...(name === "one project" ? {} : { against: "new image: one project" }),
    })),
    rounds,
    say,
  );
  return [...first, ...image];
}

async function timed(wayOf: WayOf, say: (line: string) => void) {
  const environment = await EngineEnvironment.start("dev-bench", settings);
  const single = new BenchProject(environment, "single-project");
  try {
    await single.init(settings);
    const { deploy, release } = wayOf(environment, single, say);
    const begin = performance.now();
    await deploy();
    const deployed = performance.now();
    await environment.configure("services", IMAGE_KEY, IMAGE);
    await single.pulumi(["config", "set", IMAGE_KEY, IMAGE]);
    const before = performance.now();
    await release();
    return { deployMs: deployed - begin, releaseMs: performance.now() - before };
  } finally {
    single.dispose();
    await environment.dispose();
  }
}
