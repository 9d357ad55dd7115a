import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder of everything that is kept on this machine: PROLIFERATE_INFRA_CACHE, else below XDG_CACHE_HOME, else below
 * ~/.cache. The toolchain, which runs before anything is installed, has the same rule (a test compares them).
 */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const { PROLIFERATE_INFRA_CACHE: own, XDG_CACHE_HOME: shared } = env;
  if (own !== undefined && own !== "") {
    if (!isAbsolute(own)) {
      throw new Error(`PROLIFERATE_INFRA_CACHE must be an absolute path, but is "${own}".`);
    }
    return own;
  }
  // The XDG specification: a relative path is to be ignored.
  const base = shared !== undefined && isAbsolute(shared) ? shared : join(env.HOME ?? homedir(), ".cache");
  return join(base, "proliferate-infra");
}
