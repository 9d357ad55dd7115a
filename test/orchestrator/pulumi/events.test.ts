import { expect } from "chai";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { EMPTY_LOG, plainText, progressOf, withEvent } from "@proliferate-infra/orchestrator/pulumi/events";

const vpcUrn = "urn:pulumi:prod::proliferate-network::proliferate:network:NetworkLayer$aws:ec2/vpc:Vpc::vpc";

/** An event of the engine with only the fields that are read. */
const event = (fields: object): EngineEvent => ({ sequence: 1, timestamp: 1, ...fields });
const step = (op: string, type = "aws:ec2/vpc:Vpc", outputs: object = {}) => ({
  op,
  urn: vpcUrn,
  type,
  new: { outputs },
});
const done = (op: string, type?: string, outputs?: object) =>
  event({ resOutputsEvent: { metadata: step(op, type, outputs) } });
const logOf = (...events: EngineEvent[]) =>
  events.reduce((log, each, index) => withEvent(log, each, 1000 * index), EMPTY_LOG);

describe("engine events", () => {
  it("count resources by operation, a replacement once", () => {
    const { changes } = logOf(
      done("create"),
      done("create-replacement"),
      done("replace"),
      done("delete-replaced"),
      done("same"),
    );
    expect(changes).to.deep.equal({ create: 1, update: 0, replace: 1, delete: 0, same: 1 });
  });

  it("do not count the stack, providers and components", () => {
    const types = ["pulumi:pulumi:Stack", "pulumi:providers:aws", "proliferate:network:NetworkLayer"];
    expect(logOf(...types.map((type) => done("create", type))).changes).to.deep.equal(EMPTY_LOG.changes);
  });

  it("give the stack's outputs without secrets, even inside objects", () => {
    const outputs = { vpcId: "vpc-1", databaseUrl: "[secret]", nested: { token: "[secret]" }, list: ["a"] };
    expect(logOf(done("update", "pulumi:pulumi:Stack", outputs)).outputs).to.deep.equal({
      vpcId: "vpc-1",
      list: ["a"],
    });
  });

  it("report each error once, without colors and repetitions", () => {
    const error = (message: string) => event({ diagnosticEvent: { severity: "error", message } });
    const { errors } = logOf(
      error("<{%fg 1%}>deleting: <{%reset%}>bad value\n"),
      error("deleting: bad value"),
      error("update failed"),
      event({ diagnosticEvent: { severity: "warning", message: "only a warning" } }),
      event({ resOpFailedEvent: { metadata: step("create") } }),
    );
    expect(errors).to.deep.equal(["deleting: bad value", "aws:ec2/vpc:Vpc vpc could not be created"]);
  });

  it("report start, end and result of each real resource", () => {
    const begun = (op: string, type?: string) => event({ resourcePreEvent: { metadata: step(op, type) } });
    const { resources } = logOf(
      begun("same"),
      begun("create", "proliferate:network:NetworkLayer"),
      begun("create"),
      done("create"),
      begun("update"),
      event({ resOpFailedEvent: { metadata: step("update") } }),
      begun("delete"),
    );
    expect(resources).to.deep.equal([
      { urn: vpcUrn, op: "create", startedAt: 2000, endedAt: 3000, failed: false },
      { urn: vpcUrn, op: "update", startedAt: 4000, endedAt: 5000, failed: true },
      { urn: vpcUrn, op: "delete", startedAt: 6000, endedAt: undefined, failed: false },
    ]);
  });

  it("show progress of real resources only", () => {
    const starts = (op: string, type?: string) => progressOf(event({ resourcePreEvent: { metadata: step(op, type) } }));
    expect(starts("create")).to.deep.equal({ kind: "begin", text: "creating aws:ec2/vpc:Vpc vpc" });
    expect(starts("delete-replaced")?.text).to.equal("deleting aws:ec2/vpc:Vpc vpc");
    expect(starts("import")?.text).to.equal("importing aws:ec2/vpc:Vpc vpc");
    expect(progressOf(done("create"))).to.deep.equal({ kind: "end", text: "creating aws:ec2/vpc:Vpc vpc" });
    expect(starts("same")).to.equal(undefined);
    expect(starts("create", "pulumi:pulumi:Stack")).to.equal(undefined);
    const printed = (severity: string) =>
      progressOf(event({ diagnosticEvent: { severity, message: "line<{%reset%}>" } }));
    expect(printed("info")).to.deep.equal({ kind: "message", text: "line" });
    expect(printed("debug")).to.equal(undefined);
  });

  it("have texts without the engine's marks", () => {
    expect(plainText("<{%reset%}>text<{%reset%}> ")).to.equal("text");
  });
});
