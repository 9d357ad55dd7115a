import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";
import { brokenOutputs, deprecatedReads, type Contracts } from "@proliferate-infra/orchestrator/safety/contracts";
import { faultText } from "@proliferate-infra/backend/fault";
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import type { Contract } from "@proliferate-infra/shared/contracts/contract";
import { consumedShapes } from "@proliferate-infra/shared/contracts/output-shape";
import { layerNames, layers, type LayerName } from "@proliferate-infra/shared/layers";

const consumed = new Map(layers.map(({ name, upstreams }) => [name, consumedShapes(name, upstreams)]));
const names = [...new Set([...consumed.values()].flatMap((shapes) => Object.keys(shapes)))];

/** The contracts with one layer's changed. */
function withChanged(layer: LayerName, change: (contract: Contract) => Partial<Contract>): Contracts {
  return { ...contracts, [layer]: { ...contracts[layer], ...change(contracts[layer]) } };
}

function without(layer: LayerName, key: string): Contracts {
  return withChanged(layer, ({ schema }) => ({
    schema: (scope) =>
      z.object(Object.fromEntries(Object.entries(schema(scope).shape).filter(([name]) => name !== key))),
  }));
}

describe("the guard of contracts", () => {
  it("allows unchanged outputs", () => {
    expect(names).to.include.members(["network.vpcId", "data.databaseUrl", "secrets.gatewaySecretKeys"]);
    expect(brokenOutputs(layerNames, consumed)).to.deep.equal([]);
  });

  it("refuses to remove or rename an output that deployed layers read, and names them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (name) => {
        const [layer = "", key = ""] = name.split(".");
        const readers = [...consumed].filter(([, shapes]) => name in shapes).map(([reader]) => reader);
        const faults = brokenOutputs(layerNames, consumed, without(layer as LayerName, key)).map(faultText);
        expect(faults).to.have.length(1);
        for (const part of [`${name} is removed`, "deprecated", ...readers]) {
          expect(faults[0]).to.include(part);
        }
      }),
    );
  });

  it("refuses another type, another secretness, and a change to optional", () => {
    const changed = (key: string, type: z.ZodType) =>
      withChanged("network", ({ schema }) => ({
        schema: (scope) => z.object({ ...schema(scope).shape, [key]: type }),
      }));
    const shown = (current: Contracts) => brokenOutputs(layerNames, consumed, current).map(faultText);
    expect(shown(changed("vpcId", z.number()))[0]).to.include("network.vpcId changes from text to number");
    expect(shown(changed("vpcId", z.string().optional()))[0]).to.include("changes from text to optional text");
    expect(shown(changed("privateSubnetIds", z.array(z.number())))[0]).to.include("changes from list of text");
    const open = withChanged("data", () => ({ secretKeys: [] }));
    expect(shown(open)[0]).to.include("data.databaseUrl changes from secret text to text");
  });

  it("allows removing an output that no deployed layer reads", () => {
    const migrated = new Map([...consumed].map(([reader, shapes]) => [reader, withoutKey(shapes, "network.vpcId")]));
    expect(brokenOutputs(layerNames, migrated, without("network", "vpcId"))).to.deep.equal([]);
  });

  it("checks only layers that would be deployed", () => {
    expect(brokenOutputs(["services"], consumed, without("network", "vpcId"))).to.deep.equal([]);
  });

  it("warns of deprecated outputs that are still read", () => {
    const current = withChanged("network", () => ({ deprecated: { vpcId: "read vpc instead" } }));
    expect(deprecatedReads(layerNames, current)).to.deep.equal([
      { message: "services reads network.vpcId, which is deprecated.", fix: "read vpc instead" },
    ]);
    expect(deprecatedReads(["data"], current)).to.deep.equal([]);
    expect(deprecatedReads(layerNames)).to.deep.equal([]);
  });
});

function withoutKey(shapes: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => name !== key));
}
