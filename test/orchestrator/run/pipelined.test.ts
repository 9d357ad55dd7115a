import { expect } from "chai";
import fc from "fast-check";
import { dependentsOf, layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { NO_CHANGES, type LayerResult, type LayerStatus } from "@proliferate-infra/orchestrator/model/results";
import { runPipelined } from "@proliferate-infra/orchestrator/run/pipelined";

type Event = `${"begin" | "end" | "leave" | "close" | "record" | "show"} ${LayerName}`;

interface World {
  /** Layers with reasons of their own. */
  readonly needed: readonly LayerName[];
  /** Layers whose outputs change when they run. */
  readonly altering: readonly LayerName[];
  readonly broken: readonly LayerName[];
  readonly stopped?: boolean;
}

const result = (layer: LayerName, status: LayerStatus): LayerResult => ({
  ...{ layer, status, durationMs: 1, changes: NO_CHANGES, outputs: {} },
});

/** Runs all layers in a world, in which a program ends badly when one that it waits for did. */
async function runIn({ needed, altering, broken, stopped = false }: World) {
  const events: Event[] = [];
  const altered = new Set<LayerName>();
  const failed = new Set<LayerName>();
  const ended = new Map(layerNames.map((layer) => [layer, Promise.withResolvers<undefined>()]));
  const over = (layer: LayerName) => {
    ended.get(layer)?.resolve(undefined);
  };
  const stop = new AbortController();
  if (stopped) {
    stop.abort();
  }
  const results = await runPipelined(layerNames, {
    steps: {
      decide: (layer) => {
        const reasons = [
          ...(needed.includes(layer) ? ["code"] : []),
          ...layerByName(layer).upstreams.filter((upstream) => altered.has(upstream)),
        ];
        return Promise.resolve(reasons.length > 0 ? { reasons } : { ended: result(layer, "unchanged") });
      },
      run: async (layer) => {
        events.push(`begin ${layer}`);
        await Promise.all(
          layerByName(layer).upstreams.map(
            (upstream) => ended.get(upstream)?.promise ?? Promise.reject(new Error(upstream)),
          ),
        );
        const fails = broken.includes(layer) || layerByName(layer).upstreams.some((upstream) => failed.has(upstream));
        if (fails) {
          failed.add(layer);
        } else if (altering.includes(layer)) {
          altered.add(layer);
        }
        events.push(`end ${layer}`);
        return result(layer, fails ? "failed" : "succeeded");
      },
      record: ({ layer }) => {
        events.push(`record ${layer}`);
        return Promise.resolve();
      },
    },
    relay: {
      end: (layer, isDeployed) => {
        if (!isDeployed) {
          failed.add(layer);
        }
        events.push(`close ${layer}`);
        over(layer);
      },
      useState: (layer) => {
        events.push(`leave ${layer}`);
        over(layer);
      },
    },
    observer: {
      ended: ({ layer }) => {
        events.push(`show ${layer}`);
      },
    },
    stop: stop.signal,
  });
  return { events, results, statuses: results.map(({ status }) => status) };
}

const some = fc.subarray([...layerNames]);

describe("a pipelined run", () => {
  it("starts every layer with its own reasons before any ends", async () => {
    const { events, statuses } = await runIn({ needed: layerNames, altering: layerNames, broken: [] });
    expect(events.slice(0, 4)).to.have.members(layerNames.map((layer) => `begin ${layer}`));
    expect(statuses).to.deep.equal(layerNames.map(() => "succeeded"));
  });

  it("runs and blocks the same layers as one after another", async () => {
    await fc.assert(
      fc.asyncProperty(some, some, some, async (needed, altering, broken) => {
        const { statuses } = await runIn({ needed, altering, broken });
        const expected = new Map<LayerName, LayerStatus>();
        const altered = new Set<LayerName>();
        for (const layer of layerNames) {
          const { upstreams } = layerByName(layer);
          const isBlocked = upstreams.some((upstream) => ["failed", "blocked"].includes(expected.get(upstream) ?? ""));
          const runs = needed.includes(layer) || upstreams.some((upstream) => altered.has(upstream));
          const ran = broken.includes(layer) ? "failed" : "succeeded";
          expected.set(layer, isBlocked ? "blocked" : runs ? ran : "unchanged");
          if (!isBlocked && runs && ran === "succeeded" && altering.includes(layer)) {
            altered.add(layer);
          }
        }
        expect(statuses).to.deep.equal([...expected.values()]);
      }),
    );
  });

  it("names the layer that failed as the cause, and closes every layer's outputs once", async () => {
    await fc.assert(
      fc.asyncProperty(some, some, some, async (needed, altering, broken) => {
        const { events, results } = await runIn({ needed, altering, broken });
        for (const { layer, status, cause } of results) {
          expect(events.filter((event) => [`close ${layer}`, `leave ${layer}`].includes(event))).to.have.length(1);
          expect(events.filter((event) => event === `show ${layer}`)).to.have.length(1);
          expect(events.includes(`record ${layer}`)).to.equal(events.includes(`begin ${layer}`));
          if (status === "blocked") {
            expect(results.find((each) => each.layer === cause)?.status).to.equal("failed");
            expect(dependentsOf(cause ?? "services")).to.include(layer);
          }
        }
      }),
    );
  });

  it("records a layer's result only after its upstreams end", async () => {
    const { events } = await runIn({ needed: layerNames, altering: [], broken: [] });
    for (const layer of layerNames) {
      for (const upstream of layerByName(layer).upstreams) {
        expect(events.indexOf(`record ${layer}`)).to.be.greaterThan(events.indexOf(`record ${upstream}`));
      }
    }
  });

  it("starts nothing after an interrupt", async () => {
    const { events, statuses } = await runIn({ needed: ["data"], altering: [], broken: [], stopped: true });
    expect(events.filter((event) => event.startsWith("begin"))).to.deep.equal([]);
    expect(statuses[1]).to.equal("not-reached");
  });
});
