/** A pipelined rollout on the real engine: four engines at once, four states, and nothing that a single one would change. */
import { expect } from "chai";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { normalizedStates } from "@proliferate-infra/testing/normalized-states";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { expectNothingToChange } from "./sound-environment.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const STACK = "dev-pipelined";
const MINUTES = 60_000;
const statuses = ({ layers }: RolloutReport) => layers.map(({ status }) => status);

/** When the first resource of a layer began and the last one ended, in milliseconds since the run began. */
function spanOf({ layers }: RolloutReport, name: string): readonly [number, number] {
  const steps = layers.find(({ layer }) => layer === name)?.resources ?? [];
  return [
    Math.min(...steps.map(({ startMs }) => startMs)),
    Math.max(...steps.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0))),
  ];
}

const statesOf = async (environment: EngineEnvironment) =>
  normalizedStates(await Promise.all(layerNames.map((layer) => environment.stateOf(layer))));

/** Compares one resource after another, so that a failure shows what differs. */
function expectSameStates(actual: Awaited<ReturnType<typeof statesOf>>, expected: typeof actual): void {
  expect(actual.map(({ urn }) => urn)).to.deep.equal(expected.map(({ urn }) => urn));
  expected.forEach((resource, index) => {
    expect(actual[index], resource.urn).to.deep.equal(resource);
  });
}

describe("a pipelined rollout on the engine", function () {
  this.timeout(10 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let other: EngineEnvironment;
  let otherInOrder: Promise<RolloutReport>;
  before(async () => {
    environment = await EngineEnvironment.start(STACK, smallEnvironment);
    other = await EngineEnvironment.start("dev-in-order", smallEnvironment);
    otherInOrder = other.report("up", "--no-pipelined");
    // A failure is reported by the test that awaits it.
    otherInOrder.catch(() => undefined);
  });
  after(async () => {
    await otherInOrder.catch(() => undefined);
    await other.dispose();
    await environment.dispose();
  });

  it("creates nothing that needs a failed layer", async () => {
    const unlockData = await environment.lockStack("data");
    const report = await environment.report("up", "--pipelined");
    expect(statuses(report)).to.deep.equal(["succeeded", "failed", "blocked", "blocked"]);
    expect(report.layers.map(({ cause }) => cause)).to.deep.equal([undefined, undefined, "data", "data"]);
    expect(report.exitCode).to.equal(1);
    expect(await environment.stateOf("services")).not.to.contain("aws:ecs/service:Service");
    await unlockData();
  });

  it("continues with all layers at the same time", async () => {
    const report = await environment.report("up", "--pipelined");
    expect(statuses(report), environment.printed.at(-1)).to.deep.equal([
      "unchanged",
      "succeeded",
      "succeeded",
      "succeeded",
    ]);
    const [, dataEnds] = spanOf(report, "data");
    const [servicesBegin] = spanOf(report, "services");
    expect(servicesBegin).to.be.lessThan(dataEnds);
  });

  it("leaves the same states as one layer after another", async () => {
    expect(statuses(await otherInOrder), other.printed.at(-1)).to.deep.equal(layerNames.map(() => "succeeded"));
    const expected = await statesOf(other);
    expect(expected.map(({ type }) => type)).to.include("pulumi:pulumi:StackReference");
    expectSameStates(await statesOf(environment), expected);
    const again = await environment.report("up", "--pipelined", "--force");
    expect(statuses(again), environment.printed.at(-1)).to.deep.equal(layerNames.map(() => "unchanged"));
    expectSameStates(await statesOf(environment), expected);
  });

  it("has a preview that plans nothing, in Pulumi's own providers neither", async () => {
    const { exitCode, stderr } = await environment.rollout("preview", "--force", "--expect-no-changes");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).not.to.match(/creating|updating|deleting/);
  });

  it("has the same result as one layer after another: a plain preview shows no change", async () => {
    await expectNothingToChange(environment);
    expect(statuses(await environment.report("up"))).to.deep.equal(layerNames.map(() => "unchanged"));
    expect(statuses(await environment.report("up", "--pipelined"))).to.deep.equal(layerNames.map(() => "unchanged"));
  });

  it("runs only changed layers and layers that depend on changed outputs", async () => {
    environment.configure("secrets", "proliferate-secrets:secretRecoveryWindowDays", "7");
    const report = await environment.report("up", "--pipelined");
    expect(statuses(report)).to.deep.equal(["unchanged", "unchanged", "succeeded", "unchanged"]);
    expect(environment.printed.join("\n")).to.match(/secrets.*runs because of: settings/);
  });

  it("keeps secrets out of states and output", async () => {
    const states = await Promise.all(layerNames.map((layer) => environment.stateOf(layer)));
    for (const text of [...states, ...environment.printed]) {
      expect(text).not.to.contain("override-canary");
    }
  });
});
