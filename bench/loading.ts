/** What a layer's program loads before it registers anything, against an empty program that imports @pulumi/aws. */
import { join } from "node:path";
import { execa } from "execa";
import { layers } from "@proliferate-infra/shared/layers";
import { root } from "../test/support/engine-environment.ts";
import { compare, measure, timed, type Figures, type Measured } from "./measure.ts";

/** `nodeargs` of the layers. */
const FAST_START = ["--import", "@proliferate-infra/shared/fast-start"];

const LOAD = "load the program";
const EMPTY = "empty, with @pulumi/aws";

/** Imports a module and says how many modules that were, and how large, on standard error. */
const importing = (module: string) => `
  import { registerHooks } from "node:module";
  let files = 0, bytes = 0;
  registerHooks({ load(url, context, next) {
    const loaded = next(url, context);
    files += 1; bytes += loaded.source?.length ?? 0;
    return loaded;
  } });
  await import(${JSON.stringify(module)});
  process.stderr.write(JSON.stringify([files, bytes]));`;

/** Imports the programs of all layers, in turns, each in a process of its own. */
export async function measureLoading(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const programs = [
    // As a project has it that nobody has thought about: nothing is kept from run to run.
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
        const { stderr } = await node(cwd, importing(module), nodeargs);
        const [files = 0, bytes = 0] = JSON.parse(stderr) as number[];
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
