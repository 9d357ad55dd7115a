/**
 * Patches of Pulumi's SDK in a layer's program; orchestrator/src/pulumi/sdk-patches.ts has those of the Automation API. Imported before
 * the SDK. Packages that it requires and no layer needs are not loaded, or only when they are first used.
 */
import { createRequire, Module } from "node:module";

const requireFromSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

/** Puts what `standIn` makes in place of a module that the SDK requires; `load` gives the module itself. */
function replaceModule(name: string, standIn: (load: () => object) => object): void {
  const file = requireFromSdk.resolve(name);
  const placed = new Module(file);
  const load = () => {
    if (requireFromSdk.cache[file] === placed) {
      Reflect.deleteProperty(requireFromSdk.cache, file);
    }
    return requireFromSdk(file) as object;
  };
  placed.exports = standIn(load);
  placed.loaded = true;
  requireFromSdk.cache[file] = placed;
}

// TypeScript and npm's arborist only turn functions into text (dynamic providers, functions as Lambda code), and are half of all that
// the SDK loads. runtime/closure/ reads any of TypeScript's properties, but only inside functions.
replaceModule(
  "typescript",
  (load) => new Proxy({}, { get: (_, name) => Reflect.get(load(), name) as unknown, has: (_, name) => name in load() }),
);
// runtime/closure/codePaths.js reads one property. It would copy all of them when it is loaded, but for an ES module's.
replaceModule("@npmcli/arborist", (load) => ({
  __esModule: true,
  get Arborist() {
    return Reflect.get(load(), "Arborist") as unknown;
  },
}));
// With it, cmd/run has every stack trace mapped to sources, and the SDK takes one for every promise: a tenth of a preview. These
// programs run as they are written, so there is nothing to map.
replaceModule("source-map-support/register", () => ({}));
