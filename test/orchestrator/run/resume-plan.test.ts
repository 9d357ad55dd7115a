import { expect } from "chai";
import fc from "fast-check";
import { UserError } from "@proliferate-infra/backend/errors";
import type { RunRecord } from "@proliferate-infra/orchestrator/history/records";
import { layersToResume } from "@proliferate-infra/orchestrator/run/resume-plan";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";

const outputs = (layer: LayerName) => ({ [`${layer}Id`]: "hash" });

/** A run that got through the first `done` layers, and ended in the next one as `how`; undefined: it was killed there. */
function run(done: number, how: "failed" | "interrupted" | undefined, commit = "c1"): RunRecord {
  const ended = layerNames.slice(0, done).map((layer) => ({
    ...{ layer, status: "succeeded" as const, durationMs: 1 },
    outputs: outputs(layer),
  }));
  const next = layerNames[done];
  const last = how === undefined || next === undefined ? [] : [{ layer: next, status: how, durationMs: 1 }];
  return {
    ...{ schemaVersion: 1, fencing: 1, runId: "run-1", command: "up", commit },
    ...{ by: { user: "ann", host: "laptop", ciUrl: null }, startedAt: "2026-01-01T00:00:00.000Z" },
    ...{ order: [...layerNames], layers: [...ended, ...last] },
  };
}
const standing = { stack: "prod", commit: "c1", outputs: new Map(layerNames.map((name) => [name, outputs(name)])) };

describe("resuming", () => {
  it("continues from the first incomplete layer, however the run ended", () => {
    fc.assert(
      fc.property(fc.nat(4), fc.constantFrom("failed" as const, "interrupted" as const, undefined), (done, how) => {
        expect(layersToResume(run(done, how), standing)).to.deep.equal(layerNames.slice(done));
      }),
    );
  });

  it("refuses when there is nothing to resume", () => {
    expect(() => layersToResume(undefined, standing)).to.throw(UserError, "no deployment to resume");
    const destroyed: RunRecord = { ...run(1, "failed"), command: "destroy" };
    expect(() => layersToResume(destroyed, standing)).to.throw(UserError, "scripts/deploy-all.sh --stack prod");
  });

  it("refuses when the commit has changed", () => {
    expect(() => layersToResume(run(1, "failed", "c2"), standing)).to.throw(UserError, "deployed commit c2");
  });

  it("refuses when an output of a completed layer has changed, and names it", () => {
    const moved = new Map([...standing.outputs, ["network" as const, { networkId: "other" }] as const]);
    const attempt = () => layersToResume(run(2, "failed"), { ...standing, outputs: moved });
    expect(attempt).to.throw(UserError, "network.networkId");
  });
});
