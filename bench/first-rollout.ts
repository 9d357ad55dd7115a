/**
 * Measures create, release and destroy of environments with plain Pulumi, the rollout, pipelined, and as one project.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { BenchProject, must, oneByOne, oneByOneBackwards } from "./by-hand.ts";
import { compare, measure, seconds, timed, type Figures, type Measured, type Series, type Subject } from "./measure.ts";
import { peakMemory } from "./peak-memory.ts";
import { shares } from "./shares.ts";

const UP = ["up", "--yes", "--skip-preview"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];
const IMAGE_KEY = "proliferate-services:gatewayImageTag";

/**
 * Default settings with images, so that services must start. No autoscaling, because the emulator does not support it.
 */
const settings: SampleChanges = {
  gatewayMaxCount: "1",
  llmProxyMaxCount: "1",
  workerMaxCount: "1",
  gatewayImageTag: "bench-1",
  llmProxyImageTag: "bench-1",
  workerImageTag: "bench-1",
};

const FIRST = "first rollout";
const IMAGE = "new image";
const TOUCHED = "resources in reach of a new image";
const END = "destroy";
const [BY_HAND, ROLLOUT, PIPELINED, SINGLE] = ["four by hand", "rollout", "rollout --pipelined", "one project"];

/** An environment with four stacks, and a stack of the single project with the same settings. */
interface Place {
  readonly environment: EngineEnvironment;
  readonly single: BenchProject;
}

/** One way to create an environment, release another gateway image and destroy the environment. */
interface Way {
  readonly deploy: (place: Place) => Promise<Figures>;
  readonly release: (place: Place) => Promise<unknown>;
  /** Number of resources that the release's engine processes and could change. */
  readonly reach: readonly (LayerName | "single")[];
  readonly destroy: (place: Place) => Promise<unknown>;
}

const releaseAlone = ({ environment }: Place) => must(environment.pulumi("services", ...UP));
const destroyByRollout = ({ environment }: Place) =>
  must(environment.rollout("destroy", "--yes", "--confirm", environment.stack));

/** Runs a first rollout. Adds the shares of its time from its report. */
async function deployed({ environment }: Place, ...args: readonly string[]): Promise<Figures> {
  let report: RolloutReport | undefined;
  const time = await timed(FIRST, async () => {
    report = await environment.report("up", ...args);
  });
  if (report?.exitCode !== 0) {
    throw new Error(`The rollout failed:\n${environment.printed.at(-1) ?? ""}`);
  }
  const { engineMs, providerMs } = shares(report);
  const whole = time[FIRST]?.value ?? 0;
  return {
    ...time,
    "of it: AWS and its provider": seconds(providerMs),
    "of it: engine and programs": seconds(engineMs),
    "of it: the rollout itself": seconds(whole * 1000 - engineMs - providerMs),
  };
}

const ways: Readonly<Record<string, Way>> = {
  [BY_HAND]: {
    deploy: ({ environment }) => timed(FIRST, () => oneByOne(environment, ...UP)),
    release: releaseAlone,
    reach: ["services"],
    destroy: ({ environment }) => oneByOneBackwards(environment, ...DESTROY),
  },
  [ROLLOUT]: {
    deploy: (place) => deployed(place, "--no-pipelined"),
    release: ({ environment }) => must(environment.rollout("up", "--yes", "--no-pipelined")),
    reach: ["services"],
    destroy: destroyByRollout,
  },
  [PIPELINED]: {
    deploy: (place) => deployed(place, "--pipelined"),
    release: releaseAlone,
    reach: ["services"],
    destroy: destroyByRollout,
  },
  [SINGLE]: {
    deploy: ({ single }) => timed(FIRST, () => single.pulumi(UP)),
    release: ({ single }) => single.pulumi(UP),
    reach: ["single"],
    destroy: ({ single }) => single.pulumi(DESTROY),
  },
};

/** Measures all ways, each with its own emulated AWS. */
export async function measureFirst(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const subjects = Object.entries(ways).map(([name, way]): Subject => ({ way: name, run: () => live(way) }));
  return compareFirst(await measure(subjects, rounds, say));
}

/**
 * Compares all ways to plain Pulumi, and the pipelined rollout to the single project, which shows the cost of layers.
 * Pure.
 */
function compareFirst(series: readonly Series[]): readonly Measured[] {
  const firsts = series.filter(({ what, way }) => what === FIRST && (way === PIPELINED || way === SINGLE));
  const layersCost = compare(firsts, {
    against: { [FIRST]: SINGLE },
    targets: [{ what: FIRST, way: PIPELINED, atMost: 1.15, of: "ratio" }],
  });
  const all = compare(series, {
    against: { [FIRST]: BY_HAND, [IMAGE]: SINGLE, [TOUCHED]: SINGLE, [END]: BY_HAND },
    targets: [
      { what: FIRST, way: ROLLOUT, atMost: 1.03, of: "ratio" },
      { what: FIRST, way: PIPELINED, atMost: 0.65, of: "ratio" },
    ],
  });
  return [...all, ...layersCost.filter(({ way }) => way === PIPELINED)];
}

async function live(way: Way): Promise<Figures> {
  const environment = await EngineEnvironment.start("dev-bench", settings);
  const single = new BenchProject(environment, "single-project");
  const place = { environment, single };
  try {
    await single.init(settings);
    let first: Figures = {};
    const memory = await peakMemory(async () => {
      first = await way.deploy(place);
    });
    const resources = await Promise.all(
      way.reach.map((of) => (of === "single" ? single.countResources() : countResources(environment, of))),
    );
    environment.configure("services", IMAGE_KEY, "bench-2");
    await single.pulumi(["config", "set", IMAGE_KEY, "bench-2"]);
    const image = await timed(IMAGE, () => way.release(place));
    return {
      ...first,
      ...Object.fromEntries(
        Object.entries(memory).map(([of, value]) => [`peak memory: ${of}`, { value, unit: "MiB" }]),
      ),
      ...image,
      [TOUCHED]: { value: resources.reduce((sum, count) => sum + count, 0), unit: "resources" },
      ...(await timed(END, () => way.destroy(place))),
    };
  } finally {
    single.dispose();
    await environment.dispose();
  }
}

async function countResources(environment: EngineEnvironment, layer: LayerName): Promise<number> {
  const state = JSON.parse(await environment.stateOf(layer)) as { checkpoint: { latest: { resources: unknown[] } } };
  return state.checkpoint.latest.resources.length;
}
