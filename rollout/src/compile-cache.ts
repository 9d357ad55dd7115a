/**
 * Compiled code that is kept from run to run: of this command, and of the layers' programs that it starts, which load the
 * same megabytes of SDK each time. Imported first by the command line; Node.js keeps the rest of the rules
 * (NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 turns it off).
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheRoot } from "../../tools/lib/cache-folders.mjs";

process.env.NODE_COMPILE_CACHE ??= join(cacheRoot(process.env), "compiled");
enableCompileCache(process.env.NODE_COMPILE_CACHE);
