/** Files of a checkout's local environment: one folder in the cache for each checkout. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "@proliferate-infra/shared/program/cache-root";

/** Paths of one local environment. */
export interface LocalFolder {
  readonly root: string;
  /** What is running, see record.ts. */
  readonly environmentFile: string;
  /** Output of the emulator since its last start. */
  readonly log: string;
  /** PULUMI_HOME: selected stacks and logs, so that a user's own login is untouched. */
  readonly pulumiHome: string;
  /** Temporary files of the emulator. */
  readonly temporary: string;
  /** Held while the environment is set up or stopped. */
  readonly lock: string;
}

/** Paths of the local environment at `root`. */
export function folderAt(root: string): LocalFolder {
  return {
    root,
    environmentFile: join(root, "environment.json"),
    log: join(root, "emulator.log"),
    pulumiHome: join(root, "pulumi-home"),
    temporary: join(root, "temporary"),
    lock: join(root, "lock"),
  };
}

/**
 * Paths of a checkout's local environment, below the cache that PROLIFERATE_INFRA_CACHE or XDG_CACHE_HOME names.
 *
 * @throws Error when PROLIFERATE_INFRA_CACHE is a relative path.
 */
export function localFolder(checkout: string, env: NodeJS.ProcessEnv): LocalFolder {
  const hash = createHash("sha256").update(checkout).digest("hex").slice(0, 12);
  return folderAt(join(cacheRoot(env), "local", hash));
}

/** Makes the folders; only their owner may look inside. */
export function makeFolders(folder: LocalFolder): void {
  for (const path of [folder.root, folder.pulumiHome, folder.temporary]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}
