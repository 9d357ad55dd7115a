/** What the preview role can do: AWS refuses to decrypt for it, and to give it secrets. */
import { expect } from "chai";
import { hasChanges } from "@proliferate-infra/orchestrator/model/results";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { layerNames } from "@proliferate-infra/shared/layers";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { FaultProxy } from "@proliferate-infra/testing/fault-proxy";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const WARNING = "cannot decrypt the secrets";
const changed = ({ layers }: RolloutReport) =>
  layers.filter(({ changes }) => hasChanges(changes)).map(({ layer }) => layer);
/** Differences of each layer; the versions of secrets are not compared, so that fewer resources are the same. */
const differences = ({ layers }: RolloutReport) =>
  layers.map(({ changes, stale, unapplied }) => ({ ...changes, same: 0, stale, unapplied }));

describe("the engine without the key of the secrets", function () {
  this.timeout(15 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let proxy: FaultProxy;
  before(async () => {
    environment = await EngineEnvironment.start("dev-no-secrets", {
      ...smallEnvironment,
      enableRds: "true",
      databaseUrlOverride: undefined,
      dbPassword: "db-password-canary",
      redisReplicationEnabled: "true",
      redisTransitEncryption: "true",
      redisAuthToken: "redis-token-canary-0123456789",
      extraSecrets: '{"OWN_KEY":"own-key-canary"}',
      gatewayExtraSecrets: '{"GATEWAY_KEY":"gateway-key-canary"}',
    });
    proxy = await FaultProxy.start(environment.endpoint);
    environment.reachAwsThrough(proxy.endpoint);
  });
  after(async () => {
    await environment.dispose();
    await proxy.stop();
  });

  const asPreviewRole = () => {
    proxy.inject(/^(Decrypt|GetSecretValue|BatchGetSecretValue)$/, { kind: "refused" });
  };
  /** Runs a command that prints a report. */
  const report = async (...args: readonly [string, ...string[]]) => {
    const { stdout, stderr } = await environment.rollout(...args, "--json");
    expect(stderr.split(WARNING), stderr).to.have.length(2);
    return JSON.parse(stdout) as RolloutReport;
  };

  it("previews what has not been deployed", async () => {
    asPreviewRole();
    const previewed = await report("preview");
    expect(previewed.exitCode, environment.printed.join("\n")).to.equal(0);
    expect(changed(previewed)).to.deep.equal(layerNames);
  });

  it("deploys nothing", async () => {
    const { exitCode, stderr } = await environment.rollout("up", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("need kms:Decrypt");
  });

  it("finds no difference in what is deployed", async () => {
    proxy.heal();
    const deployed = await environment.report("up");
    expect(deployed.exitCode, environment.printed.at(-1)).to.equal(0);
    asPreviewRole();
    const quick = await report("preview", "--expect-no-changes");
    expect(quick.exitCode).to.equal(0);
    const whole = await report("preview", "--force", "--expect-no-changes");
    expect(whole.exitCode, JSON.stringify(whole.layers, null, 1)).to.equal(0);
    expect(
      whole.layers.every(({ changes, unknownInputs }) => changes.same > 0 && unknownInputs === undefined),
    ).to.equal(true);
  });

  it("finds the same drift as with the key, prints status and outputs", async () => {
    proxy.heal();
    const withKey = await environment.report("drift");
    asPreviewRole();
    const drift = await report("drift");
    expect(drift.exitCode, environment.printed.at(-1)).to.equal(0);
    expect(differences(drift)).to.deep.equal(differences(withKey));
    const status = await environment.rollout("status");
    expect(status.exitCode, status.stderr).to.equal(0);
    expect(status.stdout).to.contain("up to date").and.not.to.contain("would run");
    expect(status.stderr.split(WARNING)).to.have.length(2);
    const outputs = await environment.rollout("outputs");
    expect([outputs.exitCode, outputs.stderr]).to.deep.equal([0, ""]);
    expect(outputs.stdout).to.contain("network.vpcId");
  });

  it("finds other changes, also of a secret that is encrypted anew", async () => {
    environment.configure("services", "proliferate-services:containerInsights", "disabled");
    environment.configureSecret("secrets", "proliferate-secrets:anthropicApiKey", "another-canary");
    const previewed = await report("preview");
    expect(changed(previewed)).to.deep.equal(["services"]);
    const status = await environment.rollout("status");
    expect(status.stdout.match(/would run: settings/g)).to.have.length(2);
  });

  it("asks AWS for no secret, and prints none", () => {
    expect(new Set(proxy.faulted)).to.deep.equal(new Set(["Decrypt"]));
    expect(environment.printed.join("\n")).not.to.match(/canary/);
  });
});
