import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { cacheKey, cacheRoot, hashIngredients } from "@proliferate-infra/tools/lib/cache-folders.mjs";
import { temporaryFolder } from "./support/set-up-context.ts";

const parts = { tool: "pulumi", version: "3.259.0", source: "registry", platform: "linux-x64" };

describe("the cache's place", () => {
  it("is PROLIFERATE_INFRA_CACHE, else below XDG_CACHE_HOME, else below ~/.cache", () => {
    const home = { HOME: "/home/a" };
    expect(cacheRoot(home)).to.equal("/home/a/.cache/proliferate-infra");
    expect(cacheRoot({ ...home, XDG_CACHE_HOME: "/x" })).to.equal("/x/proliferate-infra");
    expect(cacheRoot({ ...home, XDG_CACHE_HOME: "/x", PROLIFERATE_INFRA_CACHE: "/own" })).to.equal("/own");
  });

  it("is not a relative path", () => {
    expect(() => cacheRoot({ PROLIFERATE_INFRA_CACHE: "here" })).to.throw("must be an absolute path");
    expect(cacheRoot({ HOME: "/home/a", XDG_CACHE_HOME: "here" })).to.equal("/home/a/.cache/proliferate-infra");
  });
});

describe("a cache key", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder.path, "a/sources/below"), { recursive: true });
    writeFileSync(join(folder.path, "a/sources/main.go"), "package main");
    writeFileSync(join(folder.path, "a/sources/below/table.json"), "{}");
  });
  afterEach(() => {
    folder.remove();
  });

  it("names the tool, its version, where from and for what", () => {
    expect(cacheKey({ ...parts, ingredients: { files: [], text: "" } })).to.match(
      /^pulumi-3\.259\.0-registry-linux-x64-[0-9a-f]{12}$/,
    );
  });

  it("is the same for the same sources in another checkout", () => {
    cpSync(join(folder.path, "a"), join(folder.path, "b"), { recursive: true });
    const keyIn = (checkout: string) => hashIngredients({ files: [join(folder.path, checkout, "sources")], text: "" });
    expect(keyIn("a")).to.equal(keyIn("b"));
  });

  it("changes with the content or name of any file, however deep, and with the build flags", () => {
    const sources = join(folder.path, "a/sources");
    const hashes = [hashIngredients({ files: [sources], text: "" })];
    hashes.push(hashIngredients({ files: [sources], text: "-trimpath" }));
    writeFileSync(join(sources, "below/table.json"), "[]");
    hashes.push(hashIngredients({ files: [sources], text: "" }));
    writeFileSync(join(sources, "below/empty"), "");
    hashes.push(hashIngredients({ files: [sources], text: "" }));
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it("differs for any two different texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const [left, right] = [one, other].map((text) => hashIngredients({ files: [], text }));
        expect(left === right).to.equal(one === other);
      }),
    );
  });
});
