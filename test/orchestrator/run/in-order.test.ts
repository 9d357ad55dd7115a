import { expect } from "chai";
import fc from "fast-check";
import { dependentsOf, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { runInOrder } from "@proliferate-infra/orchestrator/run/in-order";
import { layerOperation } from "@proliferate-infra/orchestrator/run/layer-operation";
import type { RolloutObserver } from "@proliferate-infra/orchestrator/model/observer";
import { EngineFailure, type EngineOperation } from "@proliferate-infra/orchestrator/model/layer-engine";
import { exitCodeOf, NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";

const neverStopped = () => new AbortController().signal;

/** Observer that records its calls. */
function recordingObserver(): RolloutObserver & { readonly events: string[] } {
  const events: string[] = [];
  return {
    events,
    started: (layer) => void events.push(`${layer} started`),
    progressed: (layer, { text }) => void events.push(`${layer} ${text}`),
    ended: ({ layer, status }) => void events.push(`${layer} ${status}`),
  };
}

/** An engine that fails in some layers and remembers which it ran. */
function engineThatFails(failing: ReadonlySet<LayerName>): { up: EngineOperation; ran: LayerName[] } {
  const ran: LayerName[] = [];
  return {
    ran,
    up: (layer) => {
      ran.push(layer);
      return failing.has(layer)
        ? Promise.reject(
            new EngineFailure(`${layer} is broken`, { changes: NO_CHANGES, interrupted: false, resources: [] }),
          )
        : Promise.resolve({ changes: { ...NO_CHANGES, create: 1 }, outputs: {}, resources: [] });
    },
  };
}

const place = { stack: "prod", region: undefined };

async function rollOut(layers: readonly LayerName[], failing: ReadonlySet<LayerName>) {
  const engine = engineThatFails(failing);
  const observer = recordingObserver();
  const results = await runInOrder(layers, layerOperation(engine.up, observer, place), observer, neverStopped());
  return { results, ran: engine.ran, events: observer.events };
}

const someLayers = fc.subarray([...layerNames]);

describe("a run in order", () => {
  it("never runs a layer that depends on a failed one, and names the failed layer as the cause", async () => {
    await fc.assert(
      fc.asyncProperty(someLayers, fc.subarray([...layerNames]), async (layers, failing) => {
        const { results, ran } = await rollOut(layers, new Set(failing));
        const failed = layers.find((layer) => failing.includes(layer));
        expect(results.map(({ layer }) => layer)).to.deep.equal(layers);
        for (const { layer, status, cause } of results) {
          const after = failed !== undefined && layers.indexOf(layer) > layers.indexOf(failed);
          const blocked = after && dependentsOf(failed).includes(layer);
          const expected = layer === failed ? "failed" : blocked ? "blocked" : after ? "not-reached" : "succeeded";
          expect(status, layer).to.equal(expected);
          expect(cause, layer).to.equal(blocked ? failed : undefined);
          expect(ran.includes(layer), `${layer} ran`).to.equal(!after);
        }
        expect(exitCodeOf(results)).to.equal(failed === undefined ? 0 : 1);
      }),
    );
  });

  it("reports each layer's start and end to the observer, in order", async () => {
    const { events } = await rollOut(["network", "data", "secrets"], new Set<LayerName>(["data"]));
    expect(events).to.deep.equal([
      "network started",
      "network succeeded",
      "data started",
      "data failed",
      "secrets blocked",
    ]);
  });

  it("has the engine's reason in the result", async () => {
    const { results } = await rollOut(layerNames, new Set<LayerName>(["secrets"]));
    expect(results[2]).to.include({ status: "failed", reason: "secrets is broken" });
  });

  it("starts no further layer after an interrupt and ends with exit code 5", async () => {
    const controller = new AbortController();
    const ran: LayerName[] = [];
    const up: EngineOperation = (layer) => {
      ran.push(layer);
      controller.abort();
      return Promise.reject(
        new EngineFailure("update canceled", { changes: NO_CHANGES, interrupted: true, resources: [] }),
      );
    };
    const observer = recordingObserver();
    const results = await runInOrder(layerNames, layerOperation(up, observer, place), observer, controller.signal);
    expect(ran).to.deep.equal(["network"]);
    expect(results.map(({ status }) => status)).to.deep.equal([
      "interrupted",
      "not-reached",
      "not-reached",
      "not-reached",
    ]);
    expect(exitCodeOf(results)).to.equal(5);
  });
});
