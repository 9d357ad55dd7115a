/** What a layer's program loads before it registers anything, against an empty program that imports @pulumi/aws. */
import { join } from "node:path";
import { execa } from "execa";
import { layers } from "@proliferate-infra/shared/layers";
import { root } from "../test/support/engine-environment.ts";
import { measure, type Measured } from "./measure.ts";

/** `nodeargs` of the layers. */
const KEEPING = ["--import", "@proliferate-infra/shared/compile-cache"];

const EMPTY = "empty program with @pulumi/aws";

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
  process.stderr.write(\`\${files} files, \${(bytes / 1e6).toFixed(1)} MB\`);`;

/** Imports the programs of all layers, in turns, each in a process of its own. */
export async function measureLoading(rounds: number, say: (line: string) => void): Promise<readonly Measured[]> {
  const programs = [
    // Resolved from a layer's folder, which is where @pulumi/aws is a dependency.
    { name: EMPTY, cwd: join(root, "stacks/network"), module: "@pulumi/aws" },
    ...layers.map(({ name, directory }) => {
      const cwd = join(root, directory);
      return { name: `load ${name}`, cwd, module: join(cwd, "index.ts") };
    }),
  ];
  const node = (cwd: string, script: string, ...args: readonly string[]) =>
    execa("node", [...args, "--input-type=module", "--eval", script], { cwd });
  for (const { name, cwd, module } of programs) {
    const { stderr } = await node(cwd, importing(module));
    say(`${name}: ${stderr}`);
  }
  return measure(
    programs.map(({ name, cwd, module }) => ({
      name,
      // As the layers' Pulumi.yaml has it; a project that nobody has thought about has not.
      run: () => node(cwd, `await import(${JSON.stringify(module)})`, ...(name === EMPTY ? [] : KEEPING)),
      ...(name === EMPTY ? {} : { against: EMPTY }),
    })),
    rounds,
    say,
  );
}
