import { expect } from "chai";
import { EngineFailure } from "@proliferate-infra/orchestrator/model/layer-engine";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { layerOperation } from "@proliferate-infra/orchestrator/run/layer-operation";

const observer = { started: () => undefined, progressed: () => undefined, ended: () => undefined };

const place = { stack: "prod", region: "eu-west-1" };

describe("an operation on a layer", () => {
  it("has the status unchanged when nothing changed", async () => {
    const same = () => Promise.resolve({ changes: { ...NO_CHANGES, same: 7 }, outputs: { a: 1 }, resources: [] });
    const result = await layerOperation(same, observer, place)("network");
    expect(result).to.include({ layer: "network", status: "unchanged" });
    expect(result.outputs).to.deep.equal({ a: 1 });
  });

  it("adds the advice for AWS's errors to the reason of a failure", async () => {
    const facts = { changes: NO_CHANGES, interrupted: false, resources: [] };
    const failing = () => Promise.reject(new EngineFailure("api error AddressLimitExceeded: reached.", facts));
    const result = await layerOperation(failing, observer, place)("network");
    expect(result.reason).to.contain("describe-addresses --region eu-west-1");
  });

  it("names what AWS may have done after the session ended", async () => {
    const urn = (name: string) => `urn:pulumi:prod::proliferate-data::aws:rds/instance:Instance::${name}`;
    const step = (name: string, startedAt: number, endedAt: number | undefined) => ({
      ...{ urn: urn(name), op: "create", startedAt, endedAt, failed: false },
    });
    const resources = [step("long-ago", 0, 1_000), step("just-ended", 0, 900_000), step("at-work", 100, undefined)];
    const facts = { changes: NO_CHANGES, interrupted: false, resources };
    const failing = (message: string) =>
      layerOperation(() => Promise.reject(new EngineFailure(message, facts)), observer, place);
    const { reason } = await failing("api error ExpiredToken: The provided token has expired.")("data");
    expect(reason).to.contain("create aws:rds/instance:Instance just-ended").and.contain("Instance at-work");
    expect(reason).not.to.contain("long-ago");
    expect((await failing("api error AddressLimitExceeded: no")("data")).reason).not.to.contain("at-work");
  });

  it("throws every error except EngineFailure", async () => {
    const bug = layerOperation(() => Promise.reject(new TypeError("a bug")), observer, place);
    let thrown: unknown;
    await bug("network").catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
