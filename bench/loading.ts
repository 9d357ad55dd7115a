/**
 * Measures what a layer's program loads before it registers resources, compared to an empty program with @pulumi/aws.
 */
import { join } from "node:path";
import { execa } from "execa";
import { layers } from "@proliferate-infra/shared/layers";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { compare, measure, timed, type Figures, type Measured } from "./measure.ts";

/** `nodeargs` in the layers' Pulumi.yaml. */
const FAST_START = ["--import", "@proliferate-infra/shared/program/fast-start"];

const LOAD = "load the program";
const EMPTY = "empty, with @pulumi/aws";

/** Imports a module and prints number and size of the CommonJS files that it loads, such as the SDK's. */
const importing = (module: string) => `
  import { statSync } from "node:fs";
  import { createRequire } from "node:module";
  await import(${JSON.stringify(module)});
  // A replaced package has no file name.
  const modules = Object.values(createRequire(process.cwd() + "/").cache);
  const files = modules.flatMap(({ filename }) => filename ?? []);
  console.log(JSON.stringify([files.length, files.reduce((sum, file) => sum + statSync(file).size, 0)]));`;

/** Imports the programs of all layers in turns, each in its own process. */
export async function measureLoading(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const programs = [
    // Like a project without any tuning: nothing is cached between runs.
    { name: EMPTY, cwd: join(root, "bench/empty-program"), nodeargs: [] },
    ...layers.map(({ name, directory }) => ({ name, cwd: join(root, directory), nodeargs: FAST_START })),
  ];
  const node = (cwd: string, script: string, args: readonly string[]) =>
    execa("node", [...args, "--input-type=module", "--eval", script], { cwd });
  const subjects = programs.map(({ name, cwd, nodeargs }) => {
    const module = join(cwd, "index.ts");
    return {
      way: name,
      run: async (): Promise<Figures> => {
        const time = await timed(LOAD, () => node(cwd, `await import(${JSON.stringify(module)})`, nodeargs));
        const { stdout } = await node(cwd, importing(module), nodeargs);
        const [files = 0, bytes = 0] = JSON.parse(stdout) as number[];
        return {
          ...time,
          "files loaded": { value: files, unit: "files" },
          "size loaded": { value: bytes / 2 ** 20, unit: "MiB" },
        };
      },
    };
  });
  const compared = [LOAD, "files loaded", "size loaded"];
  return compare(await measure(subjects, rounds, say), {
    against: Object.fromEntries(compared.map((what) => [what, EMPTY])),
    targets: layers.map(({ name }) => ({ what: LOAD, way: name, atMost: 1.2, of: "ratio" })),
  });
}
