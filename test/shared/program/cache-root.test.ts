import { expect } from "chai";
import { cacheRoot } from "@proliferate-infra/shared/program/cache-root";
import { cacheRoot as cacheRootOfTools } from "@proliferate-infra/tools/lib/cache-folders.mjs";

describe("the cache's folder", () => {
  it("is the toolchain's cache", () => {
    const environments = [
      { PROLIFERATE_INFRA_CACHE: "/own" },
      { PROLIFERATE_INFRA_CACHE: "", XDG_CACHE_HOME: "/shared", HOME: "/home/ann" },
      { XDG_CACHE_HOME: "relative", HOME: "/home/ann" },
      { HOME: "/home/ann" },
      {},
    ];
    for (const env of environments) {
      expect(cacheRoot(env)).to.equal(cacheRootOfTools(env));
    }
  });

  it("must be an absolute path", () => {
    expect(() => cacheRoot({ PROLIFERATE_INFRA_CACHE: "relative" })).to.throw("PROLIFERATE_INFRA_CACHE");
    expect(() => cacheRootOfTools({ PROLIFERATE_INFRA_CACHE: "relative" })).to.throw("PROLIFERATE_INFRA_CACHE");
  });
});
