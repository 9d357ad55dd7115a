/** An environment that is deployed: what it costs to find out, and to change it. */
import { join } from "node:path";
import { execa } from "execa";
import { EngineEnvironment, root } from "../test/support/engine-environment.ts";
import { smallEnvironment } from "../test/support/small-environment.ts";
import { BenchProject, must, oneByOne } from "./by-hand.ts";
import { measure, type Measured } from "./measure.ts";

const UP = ["up", "--yes", "--skip-preview"];

/** Deploys a small environment and measures commands on it, in turns. */
export async function measureExisting(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const environment = await EngineEnvironment.start("dev-bench", smallEnvironment);
  const empty = new BenchProject(environment, "empty-program");
  const rollout = (command: string, ...args: string[]) => must(environment.rollout(command, ...args));
  const cli = join(root, "rollout/src/cli.ts");
  try {
    await rollout("up", "--yes", "--pipelined");
    await empty.init({});
    return await measure(
      [
        { name: "pulumi up, four by hand", run: () => oneByOne(environment, ...UP) },
        {
          name: "rollout up --force",
          run: () => rollout("up", "--yes", "--force"),
          against: "pulumi up, four by hand",
        },
        { name: "rollout up, nothing to do", run: () => rollout("up", "--yes"), against: "pulumi up, four by hand" },
        { name: "pulumi preview, four by hand", run: () => oneByOne(environment, "preview") },
        { name: "rollout preview", run: () => rollout("preview"), against: "pulumi preview, four by hand" },
        { name: "pulumi refresh, four by hand", run: () => oneByOne(environment, "refresh", "--preview-only") },
        { name: "rollout drift", run: () => rollout("drift"), against: "pulumi refresh, four by hand" },
        { name: "rollout doctor", run: () => rollout("doctor"), against: "pulumi preview, four by hand" },
        { name: "pulumi up, empty program", run: () => empty.pulumi(UP) },
        {
          name: "pulumi up in services",
          run: () => must(environment.pulumi("services", ...UP)),
          against: "pulumi up, empty program",
        },
        { name: "node, nothing", run: () => execa("node", ["-e", "0"]) },
        { name: "rollout --help", run: () => execa(cli, ["--help"]), against: "node, nothing" },
      ],
      rounds,
      say,
    );
  } finally {
    empty.dispose();
    await environment.dispose();
  }
}
