import { expect } from "chai";
import fc from "fast-check";
import { nameLimits, physicalName, type NamedKind } from "@proliferate-infra/shared/aws/resource-names";

const kinds = Object.keys(nameLimits) as NamedKind[];
const parts = fc.array(fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/), { minLength: 1, maxLength: 20 });

describe("physical names", () => {
  it("are the parts joined by hyphens when they fit", () => {
    expect(physicalName("secret", "proliferate", "llm-proxy")).to.equal("proliferate-llm-proxy");
  });

  it("never exceed their limit, and start with the prefix as far as it fits", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), parts, (kind, names) => {
        const name = physicalName(kind, ...names);
        expect(name.length).to.be.at.most(nameLimits[kind]);
        expect(name).to.match(/^[a-z][a-z0-9-]*$/);
        expect(name).not.to.match(/-$/);
        expect(names.join("-").startsWith(name.slice(0, 5)), `${name} begins like its parts`).to.equal(true);
      }),
    );
  });

  it("stay different when they are truncated", () => {
    const long = "proliferate-staging-eu";
    expect(physicalName("loadBalancer", long, "gateway")).not.to.equal(physicalName("loadBalancer", long, "gateway2"));
  });
});
