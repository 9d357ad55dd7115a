/** The policy pack on the real engine: a plan that breaks a rule is refused, what is deployed is looked at again. */
import { expect } from "chai";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
/** Not a stack that is thrown away, so every rule holds. */
const STACK = "guarded";

describe("the policy pack on the engine", function () {
  this.timeout(10 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  before(async () => {
    environment = await EngineEnvironment.start(STACK, smallEnvironment);
  });
  after(() => environment.dispose());

  it("refuses a plan that violates a rule, with the rule, its controls and the fix", async () => {
    environment.configure("data", "proliferate-data:redisSnapshotRetentionDays", "0");
    const report = await environment.report("preview", "--only", "network,data");
    const [network, data] = report.layers;
    expect(network?.status, network?.reason).to.equal("succeeded");
    expect(data?.status).to.equal("failed");
    expect(data?.reason)
      .to.contain("rule redis-node-is-backed-up")
      .and.to.contain("ElastiCache.1")
      .and.to.contain("Set redisSnapshotRetentionDays");
    expect(report.exitCode).to.equal(1);
  });

  it("accepts a plan that follows the rules", async () => {
    environment.configure("data", "proliferate-data:redisSnapshotRetentionDays", "7");
    const report = await environment.report("preview", "--only", "network,data");
    expect(report.layers.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ["succeeded", undefined],
      ["succeeded", undefined],
    ]);
  });

  it("advises on plain HTTP of the public services until the settings allow it", async () => {
    for (const allowed of [false, true]) {
      environment.configure("services", "proliferate-services:allowPlainHttp", String(allowed));
      const { exitCode, stdout, stderr } = await environment.rollout("preview");
      expect(exitCode, stderr).to.equal(0);
      expect((stdout + stderr).includes("rule load-balancer-speaks-tls"), String(allowed)).to.equal(!allowed);
    }
  });

  it("accepts deployed resources, and refuses resources that were changed outside Pulumi", async () => {
    expect((await environment.report("up", "--only", "network")).exitCode, environment.printed.at(-1)).to.equal(0);
    const green = await environment.rollout("policy");
    expect(green.exitCode, green.stdout).to.equal(0);
    expect(green.stdout).to.contain("network: ✔ complies with every rule").and.to.contain("data: not deployed");

    const whole = await environment.stateOf("network");
    await environment.replaceState("network", whole.replaceAll(/("mapPublicIpOnLaunch": ?)false/g, "$1true"));
    const red = await environment.rollout("policy", "--json");
    expect(red.exitCode).to.equal(1);
    const [{ findings }] = (JSON.parse(red.stdout) as { layers: [{ findings: { rule: string; urn?: string }[] }] })
      .layers;
    expect(new Set(findings.map(({ rule }) => rule))).to.deep.equal(new Set(["no-public-address-on-launch"]));
    expect(findings.length).to.be.greaterThan(0);
  });
});
