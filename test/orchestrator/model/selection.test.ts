import { expect } from "chai";
import fc from "fast-check";
import { layerNames } from "@proliferate-infra/shared/layers";
import { UserError } from "@proliferate-infra/backend/errors";
import { selectLayers } from "@proliferate-infra/orchestrator/model/selection";

describe("selection of layers", () => {
  it("is in deployment order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...layerNames], { minLength: 1 }), (names) => {
        expect(selectLayers({ only: names.join(",") })).to.deep.equal(
          layerNames.filter((name) => names.includes(name)),
        );
      }),
    );
  });

  it("starts at a layer, and has all layers by default", () => {
    expect(selectLayers({ from: "secrets" })).to.deep.equal(["secrets", "services"]);
    expect(selectLayers({})).to.deep.equal(layerNames);
  });

  for (const selection of [{ only: "netwrok" }, { from: "" }, { only: "network", from: "data" }]) {
    it(`refuses ${JSON.stringify(selection)}`, () => {
      expect(() => selectLayers(selection)).to.throw(UserError);
    });
  }
});
