import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import type { RunRecord } from "@proliferate-infra/orchestrator/history/records";
import { imagesBefore } from "@proliferate-infra/orchestrator/commands/release/images-before";

/** A run that deployed services with these images; undefined: it failed. */
function run(runId: string, images: Record<string, string> | undefined, command: "up" | "destroy" = "up"): RunRecord {
  const status = images === undefined ? ("failed" as const) : ("succeeded" as const);
  return {
    ...{ schemaVersion: 1, fencing: 1, runId, command, commit: "c1" },
    ...{ by: { user: "ann", host: "laptop", ciUrl: null }, startedAt: "2026-01-01T00:00:00.000Z" },
    order: ["services"],
    layers: [{ layer: "services", status, durationMs: 1, ...(images === undefined ? {} : { images }) }],
  };
}
const one = { gatewayImageTag: "v1", workerImageTag: "v1" };
const two = { gatewayImageTag: "v2", workerImageTag: "v1" };

describe("the target of a rollback", () => {
  it("is the last successful deployment after a failed release", () => {
    expect(imagesBefore([run("3", undefined), run("2", one)], two, "prod").runId).to.equal("2");
  });

  it("is the deployment before the last successful one after a successful release", () => {
    const runs = [run("4", two), run("3", two), run("2", one), run("1", {})];
    expect(imagesBefore(runs, two, "prod")).to.deep.include({ images: one, runId: "2" });
  });

  it("is never a deletion, another layer's run or a missing image", () => {
    const network: RunRecord = {
      ...run("3", one),
      layers: [{ layer: "network", status: "succeeded", durationMs: 1 }],
    };
    const runs = [network, run("2", {}, "destroy"), run("1", two)];
    expect(() => imagesBefore(runs, two, "prod")).to.throw(UserError, "scripts/release.sh --stack prod SERVICE=TAG");
  });
});
