import { expect } from "chai";
import fc from "fast-check";
import { ExportedState } from "@proliferate-infra/backend/pulumi-files/cut-off-operations";

const provider = "urn:pulumi:dev::data::pulumi:providers:aws::aws";
const tags = { Project: "proliferate", Layer: "data" };
const resource = (name: string, more: object = {}) => ({
  ...{ urn: `urn:${name}`, type: "aws:rds/instance:Instance", custom: true, parent: "urn:layer", protect: true },
  ...{ provider: `${provider}::6f0c`, inputs: { identifier: name, password: { ciphertext: "v1:a:b" } } },
  ...more,
});
const providerResource = {
  ...{ urn: provider, type: "pulumi:providers:aws", custom: true, id: "6f0c", outputs: {} },
  inputs: { defaultTags: JSON.stringify({ tags }) },
};
const exported = (resources: readonly object[], pending: readonly object[] = []) => ({
  version: 3,
  deployment: { manifest: { time: "t" }, resources: [providerResource, ...resources], pending_operations: pending },
});
const state = (document: object) => new ExportedState(JSON.stringify(document));
const creating = (name: string) => ({ type: "creating", resource: resource(name) });

describe("an exported state with cut-off operations", () => {
  it("has the creations with inputs and the tags of their provider, and the other operations by URN", () => {
    const pending = [creating("db"), { type: "updating", resource: resource("cache", { id: "c" }) }];
    const { creations, others, ids } = state(exported([resource("cache", { id: "c", outputs: {} })], pending));
    expect(creations).to.have.length(1);
    expect(creations[0]).to.deep.include({ urn: "urn:db", defaultTags: tags });
    expect(creations[0]?.inputs).to.deep.equal(resource("db").inputs);
    expect(others).to.deep.equal(["urn:cache"]);
    expect(ids).to.include("c");
  });

  it("is resolved to one with the created resources that AWS has, and without operations", () => {
    const name = fc.string({ minLength: 1, unit: fc.constantFrom("a", "b", "c", "d") });
    const names = fc.uniqueArray(name, { maxLength: 6 });
    fc.assert(
      fc.property(names, fc.func(fc.boolean()), (all, isFound) => {
        const found = all.filter((each) => isFound(each));
        const before = exported([], all.map(creating));
        const after = state(before).resolved(new Map(found.map((each) => [`urn:${each}`, `id-${each}`])));
        const { deployment, version } = JSON.parse(after) as ReturnType<typeof exported>;
        expect(version).to.equal(3);
        expect(deployment.pending_operations).to.deep.equal([]);
        expect(deployment.resources.slice(1)).to.deep.equal(
          found.map((each) => {
            const { inputs } = resource(each);
            return resource(each, { id: `id-${each}`, outputs: { ...inputs, id: `id-${each}` } });
          }),
        );
      }),
    );
  });

  it("has the inputs of the creation after a refresh, and no resource of somebody else", () => {
    const before = state(exported([], [creating("db"), creating("other")]));
    const refreshed = state(
      exported([
        resource("db", { id: "1", inputs: { identifier: "db" }, outputs: { tagsAll: { ...tags, Name: "n" } } }),
        resource("other", { id: "2", inputs: {}, outputs: { tagsAll: { Project: "another" } } }),
      ]),
    );
    const foreign = refreshed.withoutDefaultTags(before.creations);
    expect(foreign).to.deep.equal(["urn:other"]);
    const { deployment } = JSON.parse(refreshed.completed(before.creations, foreign)) as ReturnType<typeof exported>;
    expect(deployment.resources.slice(1)).to.deep.equal([
      resource("db", { id: "1", outputs: { tagsAll: { ...tags, Name: "n" } } }),
    ]);
  });
});
