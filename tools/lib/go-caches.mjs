/** Go's module and build caches for the time of one set-up: about 7 GB that nobody needs afterwards. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workFolderName } from "./leftovers.mjs";

export class GoCaches {
  /** @param {ReturnType<typeof import("./cache-folders.mjs").cacheFolders>} folders */
  constructor(folders) {
    /** Below building/: what a killed set-up leaves there is removed by the next one. */
    this.folder = join(folders.building, workFolderName("go-caches"));
  }

  /**
   * @param {NodeJS.ProcessEnv} env of the set-up; the user's own module proxy and private module settings stay
   * @returns {NodeJS.ProcessEnv} for the go command
   */
  environment(env) {
    mkdirSync(join(this.folder, "tmp"), { recursive: true });
    return {
      ...env,
      GOPATH: join(this.folder, "path"),
      GOMODCACHE: join(this.folder, "modules"),
      GOCACHE: join(this.folder, "build"),
      GOTMPDIR: join(this.folder, "tmp"),
      // Without it module files are read-only and cannot be removed like others.
      GOFLAGS: "-modcacherw",
      GOWORK: "off",
      GOTOOLCHAIN: "local",
      // No C compiler is needed, and the same program comes out with and without one.
      CGO_ENABLED: "0",
    };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
