/**
 * Compiled code that is kept from run to run, because each loads the same megabytes of SDK. The command line imports this first.
 *
 * Not in Node.js's own folder, which is the same for all users of a machine: who can write there decides what is run.
 * NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheRoot } from "./cache-root.ts";

process.env.NODE_COMPILE_CACHE ??= join(cacheRoot(process.env), "compiled");
enableCompileCache(process.env.NODE_COMPILE_CACHE);
