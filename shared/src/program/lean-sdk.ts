/**
 * Lets Pulumi's SDK load without the two packages that only turn functions into text (dynamic providers, functions as Lambda
 * code), which no layer does: TypeScript and npm's arborist, half of all that it loads. They are loaded when they are first used.
 * Imported before the SDK.
 */
import { createRequire, Module } from "node:module";

const requireFromSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

/** Puts what `standIn` makes in place of a package that the SDK requires; `load` gives the package itself. */
function loadLater(name: string, standIn: (load: () => object) => object): void {
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

// runtime/closure/ reads any of its properties, but only inside functions.
loadLater(
  "typescript",
  (load) => new Proxy({}, { get: (_, name) => Reflect.get(load(), name) as unknown, has: (_, name) => name in load() }),
);
// runtime/closure/codePaths.js reads one property. It would copy all of them when it is loaded, but for an ES module's.
loadLater("@npmcli/arborist", (load) => ({
  __esModule: true,
  get Arborist() {
    return Reflect.get(load(), "Arborist") as unknown;
  },
}));
