import { expect } from "chai";
import fc from "fast-check";
import { dependentsOf, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { runInOrder } from "@proliferate-infra/orchestrator/run/in-order";
import { layerOperation } from "@proliferate-infra/orchestrator/run/layer-operation";
import type { RolloutObserver } from "@proliferate-infra/orchestrator/model/observer";
import { destroyOrder } from "@proliferate-infra/orchestrator/run/destroy-order";
import { EngineFailure, type EngineOperation } from "@proliferate-infra/orchestrator/model/layer-engine";
import { selectLayers } from "@proliferate-infra/orchestrator/model/selection";
import { NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { exitCodeOf, NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { UserError } from "@proliferate-infra/backend/errors";

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

async function rollOut(layers: readonly LayerName[], failing: ReadonlySet<LayerName>) {
  const engine = engineThatFails(failing);
  const observer = recordingObserver();
  const results = await runInOrder(layers, layerOperation(engine.up, observer), observer, neverStopped());
  return { results, ran: engine.ran, events: observer.events };
}

const someLayers = fc.subarray([...layerNames]);

describe("rollout", () => {
  it("never runs what needs a failed layer, and names the failed layer as the cause", async () => {
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

  it("calls a layer without changes unchanged", async () => {
    const same = () => Promise.resolve({ changes: { ...NO_CHANGES, same: 7 }, outputs: { a: 1 }, resources: [] });
    const result = await layerOperation(same, recordingObserver())("network");
    expect(result).to.include({ layer: "network", status: "unchanged" });
    expect(result.outputs).to.deep.equal({ a: 1 });
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
    const results = await runInOrder(layerNames, layerOperation(up, observer), observer, controller.signal);
    expect(ran).to.deep.equal(["network"]);
    expect(results.map(({ status }) => status)).to.deep.equal([
      "interrupted",
      "not-reached",
      "not-reached",
      "not-reached",
    ]);
    expect(exitCodeOf(results)).to.equal(5);
  });

  it("lets an error that is no failure of the engine through", async () => {
    const bug = layerOperation(() => Promise.reject(new TypeError("a bug")), recordingObserver());
    let thrown: unknown;
    await bug("network").catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});

describe("selection of layers", () => {
  it("is in the order of deployment, whatever order is given", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...layerNames], { minLength: 1 }), (names) => {
        expect(selectLayers({ only: names.join(",") })).to.deep.equal(
          layerNames.filter((name) => names.includes(name)),
        );
      }),
    );
  });

  it("goes on from a layer, and takes all by default", () => {
    expect(selectLayers({ from: "secrets" })).to.deep.equal(["secrets", "services"]);
    expect(selectLayers({})).to.deep.equal(layerNames);
  });

  for (const selection of [{ only: "netwrok" }, { from: "" }, { only: "network", from: "data" }]) {
    it(`refuses ${JSON.stringify(selection)}`, () => {
      expect(() => selectLayers(selection)).to.throw(UserError);
    });
  }
});

describe("destruction", () => {
  const states = (counts: Partial<Record<LayerName, number>>, protect = false): LayerStates =>
    new Map(
      layerNames.map((layer) => [
        layer,
        {
          ...NO_STATE,
          resources: Array.from({ length: counts[layer] ?? 0 }, (_, i) => ({ urn: `urn:${layer}${i}`, protect })),
        },
      ]),
    );

  it("goes in reverse order", () => {
    const all = states({ network: 1, data: 1, secrets: 1, services: 1 });
    expect(destroyOrder(layerNames, all, "dev")).to.deep.equal(["services", "secrets", "data", "network"]);
  });

  it("refuses a layer that another one still uses, and goes on once that is gone", () => {
    expect(() => destroyOrder(["data"], states({ data: 1, secrets: 2 }), "dev")).to.throw(
      UserError,
      "still used by secrets",
    );
    expect(destroyOrder(["data"], states({ data: 1 }), "dev")).to.deep.equal(["data"]);
  });

  it("refuses protected resources with the commands that unprotect them", () => {
    const attempt = () => destroyOrder(layerNames, states({ data: 3 }, true), "prod");
    expect(attempt).to.throw(UserError, "data has 3 protected resource(s)");
    expect(attempt).to.throw(
      "pulumi config set proliferate-data:protectResources false --stack prod --cwd stacks/data",
    );
  });
});

describe("exit code", () => {
  const result = (status: LayerResult["status"]): LayerResult => ({
    layer: "network",
    status,
    durationMs: 0,
    changes: NO_CHANGES,
    outputs: {},
  });
  it("is 5 for an interrupt, 1 for a failure, 0 otherwise", () => {
    expect(exitCodeOf([result("interrupted"), result("failed")])).to.equal(5);
    expect(exitCodeOf([result("succeeded"), result("blocked")])).to.equal(1);
    expect(exitCodeOf([result("succeeded"), result("unchanged")])).to.equal(0);
  });
});
