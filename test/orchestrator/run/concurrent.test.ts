import { expect } from "chai";
import fc from "fast-check";
import { dependentsOf, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { upToDateLayers, runConcurrently, withBlocked } from "@proliferate-infra/orchestrator/run/concurrent";

const result = (layer: LayerName, status: LayerResult["status"]): LayerResult => ({
  layer,
  status,
  ...(status === "failed" ? { reason: `${layer} is broken` } : {}),
  durationMs: 1,
  changes: NO_CHANGES,
  outputs: {},
});

describe("a preview of several layers", () => {
  it("reports the layer that failed, not the layers that depend on it", () => {
    fc.assert(
      fc.property(fc.subarray([...layerNames]), (broken) => {
        const fails = (layer: LayerName) => broken.some((each) => each === layer || dependentsOf(each).includes(layer));
        const results = withBlocked(layerNames.map((layer) => result(layer, fails(layer) ? "failed" : "succeeded")));
        for (const { layer, status, cause, reason } of results) {
          if (status === "blocked") {
            expect(dependentsOf(cause ?? "services"), layer).to.include(layer);
            expect(results.find((each) => each.layer === cause)?.status).to.equal("failed");
            expect(reason).to.equal(undefined);
          } else {
            expect(status, layer).to.equal(fails(layer) ? "failed" : "succeeded");
            const upstreamFails = broken.some((each) => dependentsOf(each).includes(layer));
            expect(status === "failed" && upstreamFails).to.equal(false);
          }
        }
      }),
    );
  });

  it("leaves out layers that a deployment would not run, unless one of their upstreams runs", () => {
    const upToDate = (...running: readonly LayerName[]) => [
      ...upToDateLayers(layerNames, (layer) => (running.includes(layer) ? ["code"] : undefined)),
    ];
    expect(upToDate()).to.deep.equal(layerNames);
    expect(upToDate("services")).to.deep.equal(["network", "data", "secrets"]);
    expect(upToDate("secrets")).to.deep.equal(["network", "data"]);
    expect(upToDate("network")).to.deep.equal([]);
  });

  it("starts all layers at once, and closes each layer's outputs when its program ends", async () => {
    const running = new Set<LayerName>();
    const ended: LayerName[] = [];
    let most = 0;
    const operate = async (layer: LayerName) => {
      running.add(layer);
      most = Math.max(most, running.size);
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(layer);
      return result(layer, "succeeded");
    };
    const relay = {
      end: (layer: LayerName) => void ended.push(layer),
      unknownInputs: (layer: LayerName) => (layer === "data" ? ["network.vpcId"] : []),
    };
    const results = await runConcurrently(layerNames, operate, relay);
    expect(most).to.equal(4);
    expect(ended).to.have.members([...layerNames]);
    expect(results.map(({ unknownInputs }) => unknownInputs)).to.deep.equal([
      undefined,
      ["network.vpcId"],
      undefined,
      undefined,
    ]);
  });
});
