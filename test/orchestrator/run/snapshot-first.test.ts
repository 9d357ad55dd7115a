import { expect } from "chai";
import { EngineFailure, type EngineOperation } from "@proliferate-infra/orchestrator/model/layer-engine";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { withSnapshotFirst } from "@proliferate-infra/orchestrator/run/snapshot-first";

const change = { instance: "app-postgres-1", from: 16, to: 17 };
const startedAt = new Date("2026-11-28T15:04:05.678Z");
const NAME = "app-postgres-1-before-17-20261128-150405";

function fixture(upgrade: typeof change | undefined, failure?: Error) {
  const events: string[] = [];
  const deploy: EngineOperation = (layer) => {
    events.push(`deploy ${layer}`);
    return Promise.resolve({ changes: NO_CHANGES, outputs: {}, resources: [] });
  };
  const operation = withSnapshotFirst(deploy, {
    change: upgrade,
    startedAt,
    region: "us-east-1",
    signal: new AbortController().signal,
    take: ({ instance, snapshot }) => {
      events.push(`snapshot ${snapshot} of ${instance}`);
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
  });
  const printed: string[] = [];
  const run = (layer: "data" | "services") => operation(layer, ({ text }) => printed.push(text));
  return { events, printed, run };
}

describe("a snapshot before an upgrade of Postgres", () => {
  it("is complete and named before data is deployed", async () => {
    const { events, printed, run } = fixture(change);
    await run("data");
    expect(events).to.deep.equal([`snapshot ${NAME} of app-postgres-1`, "deploy data"]);
    expect(printed.every((line) => line.includes(NAME))).to.equal(true);
  });

  it("is not taken for other layers, or without an upgrade", async () => {
    const { events, run } = fixture(change);
    await run("services");
    const other = fixture(undefined);
    await other.run("data");
    expect([...events, ...other.events]).to.deep.equal(["deploy services", "deploy data"]);
  });

  it("stops the upgrade when it fails", async () => {
    const { events, run } = fixture(change, new Error("rds:CreateDBSnapshot: AccessDenied"));
    const failure = await run("data").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(EngineFailure).with.property("message").that.contains("AccessDenied");
    expect(events).to.have.length(1);
  });
});
