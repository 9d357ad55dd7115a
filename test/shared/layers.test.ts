import { expect } from "chai";
import { dependentsOf, layerByName, layerNames, layers } from "@proliferate-infra/shared/layers";

describe("layers", () => {
  it("come after their upstreams", () => {
    for (const { name, upstreams } of layers) {
      for (const upstream of upstreams) {
        expect(layerNames.indexOf(upstream), `${upstream} before ${name}`).to.be.lessThan(layerNames.indexOf(name));
      }
    }
  });

  it("are network, data, secrets and services", () => {
    expect(layerNames).to.deep.equal(["network", "data", "secrets", "services"]);
    expect(layerByName("data").project).to.equal("proliferate-data");
    expect(layerByName("data").directory).to.equal("stacks/data");
  });

  it("list their dependents, direct and indirect", () => {
    expect(dependentsOf("network")).to.deep.equal(["data", "secrets", "services"]);
    expect(dependentsOf("data")).to.deep.equal(["secrets", "services"]);
    expect(dependentsOf("services")).to.deep.equal([]);
  });
});
