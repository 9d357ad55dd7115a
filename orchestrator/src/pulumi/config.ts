/** Encrypting and decrypting with the real CLI. Values go in by standard input and come out in memory, never in arguments. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { z } from "zod";
import { tryPulumi } from "./command.ts";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { UserError } from "@proliferate-infra/backend/errors";

/** Shape of `pulumi config --json` as far as it matters here. */
const configSchema = z.record(z.string(), z.object({ value: z.string().optional(), secret: z.boolean() }));

/** Pulumi in the layers of a repository. */
export interface PulumiSecrets {
  /**
   * Encrypts values, by full key, into a copy of a layer's file.
   *
   * @param copy path of the copy, which is written.
   * @returns the copy's text.
   * @throws UserError with what Pulumi printed on standard error.
   */
  encrypt(layer: LayerName, copy: string, text: string, values: ReadonlyMap<string, string>): Promise<string>;
  /**
   * All secrets of a layer's file, decrypted, by full key.
   *
   * @throws UserError with what Pulumi printed on standard error.
   */
  decrypt(layer: LayerName, file: string): Promise<ReadonlyMap<string, string>>;
}

/** Pulumi for an environment of the repository at `root`; `env` is the complete environment that it runs in. */
export function pulumiSecrets(
  root: string,
  { stack, pulumiVariables }: Environment,
  env: NodeJS.ProcessEnv,
): PulumiSecrets {
  const pulumi = async (layer: LayerName, file: string, args: readonly string[], input: string) => {
    const { directory } = layerByName(layer);
    const places = ["--stack", stack, "--config-file", file, "--color", "never"];
    const run = { cwd: join(root, directory), env: { ...env, ...pulumiVariables }, input };
    const { exitCode, stdout, stderr } = await tryPulumi([...args, ...places], run);
    if (exitCode !== 0) {
      throw new UserError(
        [
          `pulumi ${args.join(" ")} failed in ${directory}; nothing was changed:`,
          `  ${stderr}`,
          `scripts/setup-pulumi.sh --stack ${stack} finds out what is missing.`,
        ].join("\n"),
      );
    }
    return stdout;
  };
  return {
    encrypt: async (layer, copy, text, values) => {
      writeFileSync(copy, text, { mode: 0o600 });
      for (const [key, value] of values) {
        // One at a time: each run reads and writes the whole file.
        await pulumi(layer, copy, ["config", "set", key, "--secret"], value);
      }
      return readFileSync(copy, "utf8");
    },
    decrypt: async (layer, file) => {
      const printed = await pulumi(layer, file, ["config", "--show-secrets", "--json"], "");
      const entries = Object.entries(configSchema.parse(JSON.parse(printed)));
      return new Map(
        entries.flatMap(([key, { value, secret }]) => (secret && value !== undefined ? [[key, value]] : [])),
      );
    },
  };
}
