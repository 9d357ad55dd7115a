/** Measures the time to inspect and to change a deployed environment. */
import { join } from "node:path";
import { execa } from "execa";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { BenchProject, must, oneByOne } from "./by-hand.ts";
import { compare, measure, timed, type Measured, type Subject } from "./measure.ts";

const UP = ["up", "--yes", "--skip-preview"];
const IMAGE_KEY = "proliferate-services:gatewayImageTag";
const [BY_HAND, ROLLOUT] = ["four by hand", "rollout"];

const NOTHING = "up, nothing to do";
const FORCED = "up, all layers run again";
const CHANGED = "up, one setting of services changed";
const PREVIEW = "preview of all layers";
const PREVIEW_NOTHING = "preview, nothing changed";
const DRIFT = "drift";
const DOCTOR = "doctor";
const START = "start of the command line";
const PROGRAM = "pulumi up of a program";

/** Deploys a small environment and measures commands on it in turns. */
export async function measureExisting(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const environment = await EngineEnvironment.start("dev-bench", smallEnvironment);
  const empty = new BenchProject(environment, "empty-program");
  const cli = join(root, "orchestrator/src/cli.ts");
  const rollout = (command: string, ...args: string[]) => must(environment.rollout(command, ...args));
  let image = 0;
  /** Sets another image, then runs `work`. Only `work` is timed. */
  const changed = (way: string, work: () => Promise<unknown>): Subject => ({
    way,
    run: async () => {
      image += 1;
      environment.configure("services", IMAGE_KEY, `bench-${image}`);
      return timed(CHANGED, work);
    },
  });
  /**
   * Runs a rollout before `work`: after a plain `pulumi up` of another subject, the next rollout must check the layer
   * again.
   */
  const settled = (what: string, work: () => Promise<unknown>): Subject => ({
    way: ROLLOUT,
    run: async () => {
      await rollout("up", "--yes");
      return timed(what, work);
    },
  });
  const subject = (what: string, way: string, work: () => Promise<unknown>): Subject => ({
    way,
    run: () => timed(what, work),
  });
  try {
    environment.configure("services", IMAGE_KEY, "bench-0");
    await rollout("up", "--yes");
    await empty.init({});
    const series = await measure(
      [
        // Both plan before they change anything: pulumi up always does, the rollout does to find resources that would
        // be lost.
        subject(FORCED, BY_HAND, () => oneByOne(environment, "up", "--yes")),
        subject(FORCED, ROLLOUT, () => rollout("up", "--yes", "--force", "--no-pipelined")),
        subject(NOTHING, BY_HAND, () => oneByOne(environment, ...UP)),
        settled(NOTHING, () => rollout("up", "--yes")),
        changed("pulumi up in services", () => must(environment.pulumi("services", "up", "--yes"))),
        changed(ROLLOUT, () => rollout("up", "--yes", "--no-pipelined")),
        subject(PREVIEW, BY_HAND, () => oneByOne(environment, "preview")),
        subject(PREVIEW, ROLLOUT, () => rollout("preview", "--force")),
        subject(PREVIEW_NOTHING, BY_HAND, () => oneByOne(environment, "preview")),
        settled(PREVIEW_NOTHING, () => rollout("preview")),
        subject(DRIFT, BY_HAND, () => oneByOne(environment, "refresh", "--preview-only")),
        subject(DRIFT, ROLLOUT, () => rollout("drift")),
        subject(DOCTOR, ROLLOUT, () => rollout("doctor")),
        subject(START, "node, nothing", () => execa("node", ["-e", "0"])),
        subject(START, ROLLOUT, () => execa(cli, ["--help"])),
        subject(PROGRAM, "empty, with @pulumi/aws", () => empty.pulumi(UP)),
        subject(PROGRAM, "services, nothing to do", () => must(environment.pulumi("services", ...UP))),
      ],
      rounds,
      say,
    );
    return compare(series, {
      against: {
        [FORCED]: BY_HAND,
        [NOTHING]: BY_HAND,
        [CHANGED]: "pulumi up in services",
        [PREVIEW]: BY_HAND,
        [PREVIEW_NOTHING]: BY_HAND,
        [DRIFT]: BY_HAND,
        [START]: "node, nothing",
        [PROGRAM]: "empty, with @pulumi/aws",
      },
      targets: [
        { what: NOTHING, way: ROLLOUT, atMost: 2, of: "value" },
        { what: PREVIEW, way: ROLLOUT, atMost: 0.6, of: "ratio" },
        { what: DRIFT, way: ROLLOUT, atMost: 0.6, of: "ratio" },
        { what: DOCTOR, way: ROLLOUT, atMost: 2, of: "value" },
      ],
    });
  } finally {
    empty.dispose();
    await environment.dispose();
  }
}
