import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolders } from "@proliferate-infra/tools/lib/cache-folders.mjs";
import type { SetUpContext } from "@proliferate-infra/tools/lib/choose-tool.mjs";
import { GoCaches } from "@proliferate-infra/tools/lib/go-caches.mjs";
import { platformName } from "@proliferate-infra/tools/lib/platform.mjs";

/** A folder of the test's own, and how to remove it. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tools-test-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/**
 * A set-up on an empty cache, with a PATH that holds only what the test puts there (and the system's own programs).
 * `said` collects the progress.
 */
export function setUpContext(
  cache: string,
  { path = "/usr/bin:/bin", env = {}, limits = { probeMs: 10_000, stallMs: 10_000 }, asksAgain = false } = {},
): SetUpContext & { readonly said: string[] } {
  const said: string[] = [];
  const folders = cacheFolders(cache);
  return {
    said,
    env: { ...env, PATH: path, HOME: cache },
    platform: platformName(),
    folders,
    progress: {
      say: (text) => void said.push(text),
      during: (subject, text, work) => {
        said.push(`${subject}: ${text}`);
        return work();
      },
    },
    limits,
    goCaches: new GoCaches(folders),
    asksAgain,
  };
}
