import { expect } from "chai";
import fc from "fast-check";
import { refusePlannedLosses, refusingLosses } from "@proliferate-infra/orchestrator/safety/refuse-losses";
import { isLoss, losses } from "@proliferate-infra/orchestrator/model/stateful-resources";
import { EngineFailure, type EngineResult } from "@proliferate-infra/orchestrator/model/layer-engine";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { UserError } from "@proliferate-infra/backend/errors";
import { failureOf } from "@proliferate-infra/testing/failure";

const urnOf = (type: string, name: string) =>
  `urn:pulumi:prod::proliferate-data::proliferate:data:DataLayer$${type}::${name}`;
const database = urnOf("aws:rds/instance:Instance", "database");
const rule = urnOf("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule");
const ops = ["create", "update", "same", "delete", "delete-replaced", "create-replacement", "replace"] as const;

describe("the loss of stateful resources", () => {
  it("is a deletion or replacement of a stateful type", () => {
    expect(ops.filter((op) => isLoss({ urn: database, op }))).to.deep.equal([
      "delete",
      "delete-replaced",
      "create-replacement",
    ]);
    expect(ops.filter((op) => isLoss({ urn: rule, op }))).to.deep.equal([]);
  });

  it("is reported once for each resource that is not allowed", () => {
    const step = fc.record({ urn: fc.constantFrom(database, rule, `${database}-2`), op: fc.constantFrom(...ops) });
    fc.assert(
      fc.property(fc.array(step), fc.subarray([database, `${database}-2`]), (steps, allowed) => {
        const lost = losses(steps, allowed).map(({ urn }) => urn);
        expect(new Set(lost).size).to.equal(lost.length);
        for (const { urn, op } of steps) {
          expect(lost.includes(urn)).to.equal(
            steps.some((each) => each.urn === urn && isLoss(each)) && !allowed.includes(urn),
            `${op} ${urn}`,
          );
        }
      }),
    );
  });

  const result = (op: string): EngineResult => ({
    changes: NO_CHANGES,
    outputs: {},
    resources: [{ urn: database, op, startedAt: 0, endedAt: 1, failed: false }],
  });
  const engineThatPlans = (op: string, calls: string[]) => ({
    preview: () => {
      calls.push("preview");
      return Promise.resolve(result(op));
    },
    up: () => {
      calls.push("up");
      return Promise.resolve(result(op));
    },
  });
  it("is refused for all layers at once before the first one is deployed", async () => {
    const calls: string[] = [];
    const { preview } = engineThatPlans("delete", calls);
    const error = await failureOf(refusePlannedLosses(preview, ["data", "services"], []));
    expect(error).to.be.instanceOf(UserError);
    expect(String(error)).to.contain("data was not deployed").and.contain("services was not deployed");
    await refusePlannedLosses(preview, ["data"], [database]);
    await refusePlannedLosses(() => Promise.reject(new Error("cannot be planned")), ["data"], []);
    expect(calls).to.deep.equal(["preview", "preview", "preview"]);
  });

  const deploy = (op: string, calls: string[], present: readonly string[], allowed: readonly string[] = []) =>
    refusingLosses(engineThatPlans(op, calls), () => Promise.resolve(present), allowed)("data", () => undefined);

  it("is refused before any change, with the option that allows it", async () => {
    const calls: string[] = [];
    const failure = await failureOf(deploy("delete-replaced", calls, [database]));
    expect(failure).to.be.instanceOf(EngineFailure);
    expect(failure.message).to.contain(`replace ${database}`).and.to.contain(`--allow-replace '${database}'`);
    expect(calls).to.deep.equal(["preview"]);
  });

  it("happens when it is allowed by name", async () => {
    const calls: string[] = [];
    await deploy("delete-replaced", calls, [database], [database]);
    expect(calls).to.deep.equal(["preview", "up"]);
  });

  it("is checked only for layers with stateful resources", async () => {
    const calls: string[] = [];
    await deploy("create", calls, [rule]);
    await deploy("create", calls, []);
    expect(calls).to.deep.equal(["up", "up"]);
  });
});
