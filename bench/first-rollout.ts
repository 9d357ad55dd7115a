/** From nothing to a deployed environment, a new image in it, and its end: four layers by hand, by the rollout, as one project. */
import { EngineEnvironment } from "../test/support/engine-environment.ts";
import { smallEnvironment } from "../test/support/small-environment.ts";
import { BenchProject, must, oneByOne, oneByOneBackwards } from "./by-hand.ts";
import { measure, Taken, type Measured, type Subject } from "./measure.ts";

const UP = ["up", "--yes", "--skip-preview"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];
const IMAGE_KEY = "proliferate-services:gatewayImageTag";
const IMAGE = "bench-2";

const settings = { ...smallEnvironment, gatewayImageTag: "bench-1", workerImageTag: "bench-1" };

/** How one environment comes to be, how its gateway gets another image, and how it ends. */
interface Way {
  readonly deploy: () => Promise<unknown>;
  readonly release: () => Promise<unknown>;
  /** Left out where it would be another way's. */
  readonly destroy?: () => Promise<unknown>;
}

type WayOf = (environment: EngineEnvironment, single: BenchProject, say: (line: string) => void) => Way;

const releaseInServices = (environment: EngineEnvironment) => async () => {
  await must(environment.pulumi("services", ...UP));
};

const ways: Readonly<Record<string, WayOf>> = {
  "four by hand": (environment) => ({
    deploy: () => oneByOne(environment, ...UP),
    release: releaseInServices(environment),
    destroy: () => oneByOneBackwards(environment, ...DESTROY),
  }),
  rollout: (environment, _, say) => ({
    deploy: async () => {
      const { startedAt, finishedAt, layers } = await environment.report("up");
      const whole = Date.parse(finishedAt) - Date.parse(startedAt);
      const engine = layers.reduce((sum, { durationMs }) => sum + durationMs, 0);
      say(`of ${whole} ms, the rollout itself took ${whole - engine} ms; the rest is the engine's and the provider's`);
    },
    release: () => must(environment.rollout("up", "--yes")),
    destroy: () => must(environment.rollout("destroy", "--yes", "--confirm", environment.stack)),
  }),
  "rollout --pipelined": (environment) => ({
    deploy: () => must(environment.rollout("up", "--yes", "--pipelined")),
    release: releaseInServices(environment),
  }),
  "one project": (_, single) => ({
    deploy: () => single.pulumi(UP),
    release: () => single.pulumi(UP),
    destroy: () => single.pulumi(DESTROY),
  }),
};

/** What one environment took, in milliseconds. */
interface Life {
  readonly deploy: number;
  readonly release: number;
  /** Undefined where it would be another way's. */
  readonly destroy: number | undefined;
}

/** Measures whole lives of environments, each on an AWS of its own: first deployment, a new image, the end. */
export async function measureFirst(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const lives = new Map<string, Life[]>();
  const subjects: readonly Subject[] = Object.entries(ways).map(([name, wayOf]) => ({
    name: `first: ${name}`,
    run: async () => {
      const life = await live(wayOf, say);
      lives.set(name, [...(lives.get(name) ?? []), life]);
      return new Taken(life.deploy);
    },
    ...(name === "four by hand" ? {} : { against: "first: four by hand" }),
  }));
  const first = await measure(subjects, rounds, say);
  const image = await measureTimes("new image", lives, ({ release }) => release, "one project", say);
  const end = await measureTimes("destroy", lives, ({ destroy }) => destroy, "four by hand", say);
  return [...first, ...image, ...end];
}

/** Compares times that were taken before. */
async function measureTimes(
  what: string,
  lives: ReadonlyMap<string, readonly Life[]>,
  timeOf: (life: Life) => number | undefined,
  reference: string,
  say: (line: string) => void,
): Promise<readonly Measured[]> {
  const taken = [...lives].map(([name, each]) => ({ name, times: each.flatMap((life) => timeOf(life) ?? []) }));
  const subjects = taken
    .filter(({ times }) => times.length > 0)
    .map(({ name, times }) => ({
      name: `${what}: ${name}`,
      run: () => Promise.resolve(new Taken(times.shift() ?? 0)),
      ...(name === reference ? {} : { against: `${what}: ${reference}` }),
    }));
  return measure(subjects, taken[0]?.times.length ?? 0, say);
}

async function live(wayOf: WayOf, say: (line: string) => void): Promise<Life> {
  const environment = await EngineEnvironment.start("dev-bench", settings);
  const single = new BenchProject(environment, "single-project");
  try {
    await single.init(settings);
    const { deploy, release, destroy } = wayOf(environment, single, say);
    const deployed = await timed(deploy);
    await environment.configure("services", IMAGE_KEY, IMAGE);
    await single.pulumi(["config", "set", IMAGE_KEY, IMAGE]);
    const released = await timed(release);
    const destroyed = destroy === undefined ? undefined : await timed(destroy);
    return { deploy: deployed, release: released, destroy: destroyed };
  } finally {
    single.dispose();
    await environment.dispose();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
