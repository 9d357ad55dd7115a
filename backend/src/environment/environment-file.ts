/**
 * Reads and writes `environments/<stack>.yaml`: where an environment's state is, its account and region, and its secrets provider.
 * `rollout setup` writes it, every command reads it, git ignores it.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { UserError } from "../errors.ts";

export const factsSchema = z.strictObject({
  stateUrl: z.string().min(1),
  secretsProvider: z.string().min(1),
  account: z
    .string()
    .regex(/^\d{12}$/, "must have 12 digits")
    .optional(),
  region: z.string().min(1).optional(),
  passphraseFile: z.string().min(1).optional(),
});

export interface EnvironmentFacts {
  /** State URL with `dynamodb_table`; see state-url.ts. */
  readonly stateUrl: string;
  /** Secrets provider of all four stacks, as in `pulumi stack init --secrets-provider`; `passphrase` for file state. */
  readonly secretsProvider: string;
  /** Twelve digits. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** Absolute path of the file with the passphrase, for the secrets provider `passphrase`. */
  readonly passphraseFile?: string | undefined;
}

export function environmentFile(root: string, stack: string): string {
  return join(root, "environments", `${stack}.yaml`);
}

/**
 * The environment's facts; undefined when it has no file.
 *
 * @throws UserError when the file is not one that `rollout setup` writes.
 */
export function readEnvironmentFile(root: string, stack: string): EnvironmentFacts | undefined {
  const path = environmentFile(root, stack);
  if (!existsSync(path)) {
    return undefined;
  }
  const result = factsSchema.safeParse(parseYaml(path));
  if (!result.success) {
    const faults = result.error.issues.map(({ path: key, message }) => `  ${key.join(".")}: ${message}`);
    throw new UserError(
      [`${path} is not as expected:`, ...faults, `scripts/setup-pulumi.sh --stack ${stack} writes it again.`].join(
        "\n",
      ),
    );
  }
  return result.data;
}

function parseYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} is not valid YAML: ${String(error)}`);
  }
}

/** Replaces the file at once: readers get the old text or the new one. */
export function writeEnvironmentFile(root: string, stack: string, facts: EnvironmentFacts): void {
  const path = environmentFile(root, stack);
  mkdirSync(dirname(path), { recursive: true });
  const comment = `# Facts of the environment ${stack}; no secrets. Made by scripts/setup-pulumi.sh.`;
  writeFileAtomic.sync(path, `${comment}\n${stringify(facts)}`);
}
