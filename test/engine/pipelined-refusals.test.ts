/** A pipelined rollout on an AWS that refuses, throttles and drops calls. */
import { expect } from "chai";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import { layerNames } from "@proliferate-infra/shared/layers";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { FaultProxy } from "@proliferate-infra/testing/fault-proxy";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { lockOf } from "@proliferate-infra/testing/watched-lock";
import { ends, expectNothingToChange, expectSound } from "./sound-environment.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;

describe("a pipelined rollout on an AWS with faults", function () {
  this.timeout(10 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let proxy: FaultProxy;
  let lock: LockStore;
  before(async () => {
    environment = await EngineEnvironment.start("dev-refusals", smallEnvironment);
    proxy = await FaultProxy.start(environment.endpoint);
    environment.reachAwsThrough(proxy.endpoint);
    lock = await lockOf(environment);
  });
  afterEach(async () => {
    await expectSound(environment, lock);
  });
  after(async () => {
    lock.close();
    await environment.dispose();
    await proxy.stop();
  });

  /** A rollout during which AWS refuses this operation. */
  async function refusing(operation: string): Promise<RolloutReport> {
    proxy.inject(new RegExp(`^${operation}$`), { kind: "refused" });
    const report = await environment.report("up", "--pipelined");
    proxy.heal();
    expect(report.exitCode, environment.printed.at(-1)).to.equal(1);
    expect(report.layers.find(({ status }) => status === "failed")?.reason).to.contain("Refused by the test");
    return report;
  }
  const resourcesOf = async (layer: (typeof layerNames)[number]) =>
    [...(await environment.stateOf(layer)).matchAll(/"urn": ?"urn:pulumi:[^"]*?(aws:[^"$]*?)::/g)].map(
      ([, type]) => type,
    );

  it("blocks resources that need a failed data layer, and keeps the others", async () => {
    const report = await refusing("CreateCacheCluster");
    expect(ends(report)).to.deep.equal(["succeeded", "failed", "data", "data"]);
    const services = await resourcesOf("services");
    expect(services).to.include("aws:lb/loadBalancer:LoadBalancer").and.not.to.include("aws:ecs/service:Service");
  });

  it("continues when network fails after it has sent its outputs", async () => {
    environment.configure("network", "proliferate-network:natGateways", "per-zone");
    const report = await refusing("CreateNatGateway");
    // Tasks need routes, which no output tells of.
    expect(ends(report)).to.deep.equal(["failed", "succeeded", "succeeded", "network"]);
    expect(await resourcesOf("services")).not.to.include("aws:ecs/service:Service");
  });

  it("continues when secrets fail", async () => {
    environment.configureSecret("secrets", "proliferate-secrets:anthropicApiKey", "another-key-canary");
    const report = await refusing("PutSecretValue");
    expect(ends(report)).to.deep.equal(["succeeded", "unchanged", "failed", "secrets"]);
  });

  it("continues with services, which have all outputs that they need", async () => {
    const report = await refusing("CreateService");
    expect(ends(report)).to.deep.equal(["unchanged", "unchanged", "succeeded", "failed"]);
  });

  it("succeeds with throttled, dropped and slow calls", async () => {
    proxy.inject(/^(Create|Register|Put)/, { kind: "throttled" }, 3);
    proxy.inject(/^Describe/, { kind: "reset" }, 3);
    proxy.inject(/^Describe/, { kind: "slow", ms: 500 }, 5);
    const report = await environment.report("up", "--pipelined");
    proxy.heal();
    expect(ends(report), environment.printed.at(-1)).to.deep.equal([
      "unchanged",
      "unchanged",
      "unchanged",
      "succeeded",
    ]);
    expect(proxy.faulted.length).to.be.greaterThan(8);
  });

  it("has the same result as without faults", async () => {
    await expectNothingToChange(environment);
  });
});
