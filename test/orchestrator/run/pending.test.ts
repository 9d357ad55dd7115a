import { expect } from "chai";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { withVariables } from "@proliferate-infra/testing/process-variables";
import { withoutQueued, withPending } from "@proliferate-infra/orchestrator/run/pending";

const result = (more: Partial<LayerResult>): LayerResult => ({
  layer: "data",
  status: "succeeded",
  durationMs: 1,
  changes: NO_CHANGES,
  outputs: {},
  ...more,
});

describe("pending changes", () => {
  it("are read only of servers that data has, after it was deployed", async () => {
    const outputs = { databaseInstanceId: "postgres-1", redisNodeIds: ["redis-1-001"] };
    const without = [
      result({}),
      result({ outputs: { redisNodeIds: [] } }),
      result({ status: "failed", outputs }),
      result({ layer: "services", outputs }),
    ];
    expect(await withPending(without, "us-east-1")).to.deep.equal(without);
  });

  it("are unknown, and no failure, when AWS cannot be asked", async () => {
    const restore = withVariables({
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    try {
      const [data] = await withPending([result({ outputs: { databaseInstanceId: "postgres-1" } })], "us-east-1");
      expect(data?.status).to.equal("succeeded");
      expect(data?.pending?.join()).to.contain("rds:DescribeDBInstances");
    } finally {
      restore();
    }
  });

  it("are no differences of the servers that have them", () => {
    const step = (type: string) => ({
      ...{ urn: `urn:pulumi:prod::data::proliferate:data:DataLayer$${type}::x`, op: "update" },
      ...{ startedAt: 1, endedAt: 1, failed: false },
    });
    const compared = result({
      changes: { ...NO_CHANGES, update: 2, same: 3 },
      resources: [step("aws:rds/instance:Instance"), step("aws:rds/parameterGroup:ParameterGroup")],
    });
    const queued = (server: "Postgres" | "Redis") => ({ changes: [{ server, changes: ["MultiAZ=true"], window: "" }] });
    expect(withoutQueued(compared, queued("Postgres"))).to.deep.include({
      changes: { ...NO_CHANGES, update: 1, same: 4 },
      resources: [step("aws:rds/parameterGroup:ParameterGroup")],
    });
    expect(withoutQueued(compared, queued("Redis"))).to.equal(compared);
    expect(withoutQueued(compared, { unknown: "no credentials" })).to.equal(compared);
  });
});
