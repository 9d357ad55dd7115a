import { join } from "node:path";

/** Root of the repository; absolute, without links, since Node.js resolves those of every module. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");
