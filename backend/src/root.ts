import { join } from "node:path";

/** Root of the repository. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");
