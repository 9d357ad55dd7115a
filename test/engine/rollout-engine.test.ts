/** The rollout's own work on a real engine: preview, skip, lock, guard, interrupt, resume, take-over, drift. */
import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { clientOptions } from "@proliferate-infra/orchestrator/commands/local/variables";
import { STATE_URL_VARIABLE } from "@proliferate-infra/backend/environment/environment";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { acquireLock } from "@proliferate-infra/backend/lock/acquire";
import { realTiming } from "@proliferate-infra/backend/lock/timing";
import { endLeftovers } from "@proliferate-infra/orchestrator/pulumi/leftovers";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { layerNames } from "@proliferate-infra/shared/layers";
import { previewedInputs, textsIn, UNKNOWN } from "./previewed-inputs.ts";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { startForwardProxy } from "@proliferate-infra/testing/forward-proxy";
import { databaseOverride, smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { lockOf, lockThat } from "@proliferate-infra/testing/watched-lock";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const STACK = "dev-rollout";

const statuses = ({ layers }: RolloutReport) => layers.map(({ status }) => status);
const allSame = (count: number) => ({ create: 0, update: 0, replace: 0, delete: 0, same: count });

describe("the rollout on the engine", function () {
  this.timeout(15 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let lock: LockStore;
  before(async () => {
    environment = await EngineEnvironment.start(STACK, smallEnvironment);
    lock = await lockOf(environment);
  });
  after(async () => {
    lock.close();
    await environment.dispose();
  });

  it("previews all layers before anything is deployed, and invents nothing", async () => {
    const report = await environment.report("preview");
    expect(report.exitCode, environment.printed.join("\n")).to.equal(0);
    expect(statuses(report)).to.deep.equal(layerNames.map(() => "succeeded"));
    const [network, data, secrets, services] = report.layers;
    expect(network?.unknownInputs).to.equal(undefined);
    expect(data?.unknownInputs).to.deep.equal([
      "network.databaseSecurityGroupId",
      "network.privateSubnetIds",
      "network.redisSecurityGroupId",
    ]);
    expect(secrets?.unknownInputs).to.include("data.redisUrl").and.not.to.include("data.databaseUrl");
    expect(services?.unknownInputs).to.include.members(["secrets.gatewaySecretArn", "network.vpcId"]);
    for (const layer of layerNames) {
      expect(await environment.stateOf(layer)).not.to.contain("aws:");
    }
    expect((await lock.read())?.revision, "a preview takes no lock").to.equal(undefined);
  });

  it("registers only configured, deployed or unknown values in such a preview", async () => {
    const inputs = await previewedInputs(environment);
    const texts = inputs.flatMap(textsIn).filter((text) => text !== UNKNOWN);
    expect(texts.length).to.be.greaterThan(150);
    expect(texts.filter((text) => /\b(vpc|subnet|sg|rtb|igw|nat|eipalloc|eni)-[0-9a-z]{3,}/.test(text))).to.deep.equal(
      [],
    );
    const accounts = texts.flatMap((text) =>
      [...text.matchAll(/arn:aws:[a-z-]+:[a-z0-9-]*:([^:"]*):/g)].map(([, id]) => id),
    );
    expect([...new Set(accounts)].sort()).to.deep.equal(["000000000000"]);
    expect(
      texts.filter((text) => /mock|fake|dummy|placeholder|localhost|undefined|\[object/i.test(text)),
    ).to.deep.equal([]);
    expect(inputs.flatMap(textsIn).filter((text) => text === UNKNOWN).length).to.be.greaterThan(20);
  });

  it("names the layer that cannot be previewed", async () => {
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", "not-a-url");
    const report = await environment.report("preview");
    expect(report.layers.map(({ status, cause }) => [status, cause])).to.deep.equal([
      ["succeeded", undefined],
      ["failed", undefined],
      ["blocked", "data"],
      ["blocked", "data"],
    ]);
    expect(report.exitCode).to.equal(1);
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", databaseOverride);
  });

  it("stops in order at a signal, and resumes where it stopped", async () => {
    const run = environment.start("up", "--json", "--yes", "--no-pipelined");
    await lockThat(lock, ({ holder }) => holder?.activeLayers[0]?.layer === "data");
    run.kill("SIGTERM");
    const { exitCode, stdout } = await run;
    expect(exitCode).to.equal(5);
    const report = JSON.parse(stdout) as RolloutReport;
    expect(report.layers[0]?.status).to.equal("succeeded");
    expect(report.layers.slice(2).map(({ status }) => status)).to.deep.equal(["not-reached", "not-reached"]);
    expect((await lock.read())?.holder).to.equal(null);

    const resumed = await environment.report("up", "--resume");
    expect(resumed.exitCode, environment.printed.at(-1)).to.equal(0);
    expect(resumed.layers.map(({ layer }) => layer)).to.deep.equal(["data", "secrets", "services"]);
  });

  it("resumes after layers that did not run", async () => {
    environment.configureSecret("secrets", "proliferate-secrets:anthropicApiKey", "another-key-canary");
    const unlock = await environment.lockStack("secrets");
    const stopped = await environment.report("up");
    expect(statuses(stopped)).to.deep.equal(["unchanged", "unchanged", "failed", "blocked"]);
    await unlock();
    const resumed = await environment.report("up", "--resume");
    expect(resumed.exitCode, environment.printed.at(-1)).to.equal(0);
    expect(resumed.layers.map(({ layer }) => layer)).to.deep.equal(["secrets", "services"]);
  });

  it("starts no engine when nothing has changed, and detects a plain pulumi up", async () => {
    const nothing = await environment.report("up");
    expect(nothing.layers.map(({ status, changes }) => [status, changes])).to.deep.equal(
      layerNames.map(() => ["unchanged", allSame(0)]),
    );
    const alone = await environment.pulumi("network", "up", "--yes", "--skip-preview");
    expect(alone.exitCode, alone.stdout + alone.stderr).to.equal(0);
    const noticed = await environment.report("up");
    expect(noticed.layers.map(({ changes }) => changes.same > 0)).to.deep.equal([true, false, false, false]);
  });

  it("runs dependents only when an output that they read has changed", async () => {
    // A secret output is encrypted anew in every update; only its value counts.
    const forced = await environment.report("up", "--only", "data", "--force");
    expect(forced.layers[0]?.changes.same).to.be.greaterThan(0);
    const { stderr } = await environment.rollout("up", "--yes");
    expect(stderr).not.to.contain("runs because");
    const changed = "postgres://app:override-canary-2@db.example.com:6543/app?sslmode=verify-full";
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", changed);
    const after = await environment.rollout("up", "--yes");
    expect(after.stderr).to.contain("[data] runs because of: settings");
    expect(after.stderr).to.contain("[secrets] runs because of: data.databaseUrl");
    expect(after.stderr).not.to.contain("[network] runs");
  });

  it("previews an existing environment with its deployed outputs", async () => {
    const report = await environment.report("preview", "--expect-no-changes");
    expect(report.exitCode).to.equal(0);
    expect(report.layers.every(({ unknownInputs }) => unknownInputs === undefined)).to.equal(true);
    // Nothing has changed, so no engine was started; now all of them are.
    expect(report.layers.map(({ changes }) => changes)).to.deep.equal(layerNames.map(() => allSame(0)));
    const forced = await environment.report("preview", "--force", "--expect-no-changes");
    expect(forced.exitCode).to.equal(0);
    expect(
      forced.layers.every(({ changes, unknownInputs }) => changes.same > 0 && unknownInputs === undefined),
    ).to.equal(true);
  });

  it("previews a change: the output that it affects is unknown, all others are the deployed ones", async () => {
    const key = "proliferate-network:publicSubnetCidrs";
    environment.configure("network", key, "10.0.101.0/24,10.0.103.0/24");
    const report = await environment.report("preview");
    expect(report.exitCode).to.equal(0);
    const [network, data, , services] = report.layers;
    expect(network?.changes.replace).to.be.greaterThan(0);
    expect(data?.unknownInputs).to.equal(undefined);
    expect(services?.unknownInputs).to.deep.equal(["network.publicSubnetIds"]);
    environment.configure("network", key, "10.0.101.0/24,10.0.102.0/24");
  });

  it("replaces a resource with data, names or addresses only when an option names it", async () => {
    const before = await environment.stateOf("data");
    const key = "proliferate-data:redisReplicationEnabled";
    environment.configure("data", key, "true");
    const run = await environment.rollout("up", "--yes", "--only", "data");
    expect(run.exitCode).to.equal(3);
    expect(run.stderr).to.match(/delete urn:pulumi:\S+aws:elasticache\/cluster:Cluster::/);
    expect(run.stderr).to.contain("--allow-replace 'urn:pulumi:");
    expect(await environment.stateOf("data")).to.equal(before);
    environment.configure("data", key, "false");
    expect((await environment.report("up")).exitCode).to.equal(0);
  });

  it("locks out other rollouts and plain updates, and allows reads", async () => {
    const lease = await acquireLock({
      store: lock,
      stack: STACK,
      holder: {
        ...{ runId: "held-by-test", user: "ann", host: "laptop", pid: 1, commit: null, ciUrl: null, command: "up" },
        ...{ activeLayers: [], acquiredAt: new Date().toISOString() },
      },
      waitMs: 0,
      onWait: () => undefined,
      signal: new AbortController().signal,
      timing: realTiming,
    });
    try {
      const second = await environment.rollout("up", "--yes");
      expect(second.exitCode).to.equal(4);
      expect(second.stderr).to.contain("held by ann@laptop").and.to.contain("unlock");
      const alone = await environment.pulumi("network", "up", "--yes", "--skip-preview");
      expect(alone.exitCode).not.to.equal(0);
      expect(alone.stdout + alone.stderr).to.contain("held by ann@laptop");
      const looked = await environment.pulumi("network", "preview");
      expect(looked.exitCode, looked.stdout).to.equal(0);
      expect(looked.stdout + looked.stderr).to.contain("held by ann@laptop");
      const status = await environment.rollout("status");
      expect(status.stdout).to.contain("Held by ann@laptop");
    } finally {
      await lease.release();
    }
  });

  it("runs a plain pulumi up without the lock table only with ROLLOUT_GUARD=off", async () => {
    const state = formatStateUrl({ ...localEnvironment.state, lockTable: "no-such-table" });
    const update = (guard: string | undefined) =>
      environment.pulumiWith(
        { [STATE_URL_VARIABLE]: state, ROLLOUT_GUARD: guard },
        ...(["network", "up", "--yes", "--skip-preview"] as const),
      );
    const refused = await update(undefined);
    expect(refused.exitCode).not.to.equal(0);
    expect(refused.stdout + refused.stderr).to.contain("ROLLOUT_GUARD=off");
    const allowed = await update("off");
    expect(allowed.exitCode, allowed.stdout).to.equal(0);
    expect(allowed.stdout + allowed.stderr).to.contain("Lock and states cannot be read");
  });

  it("refuses --only on a layer whose last update failed", async () => {
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", "not-a-url");
    // A rollout would refuse the setting before it starts an engine.
    expect((await environment.pulumi("data", "up", "--yes", "--skip-preview")).exitCode).not.to.equal(0);
    const alone = await environment.pulumi("secrets", "up", "--yes", "--skip-preview");
    expect(alone.exitCode, alone.stdout).to.equal(0);
    expect(alone.stdout + alone.stderr).to.contain("last update of data ended as failed");
    const rollout = await environment.rollout("up", "--yes", "--only", "secrets");
    expect(rollout.exitCode).to.equal(3);
    expect(rollout.stderr).to.contain("last update of data ended as failed");
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", databaseOverride);
    expect((await environment.report("up")).exitCode).to.equal(0);
  });

  it("does not depend on a layer with interrupted operations, and names the command that completes them", async () => {
    const whole = await environment.stateOf("data");
    const urn = "urn:pulumi:dev-rollout::proliferate-data::aws:elasticache/cluster:Cluster::redis";
    const document = JSON.parse(whole) as { checkpoint: { latest: object } };
    const pending_operations = [
      { type: "creating", resource: { urn, custom: true, type: "aws:elasticache/cluster:Cluster" } },
    ];
    document.checkpoint.latest = { ...document.checkpoint.latest, pending_operations };
    await environment.replaceState("data", JSON.stringify(document));
    try {
      const run = await environment.rollout("up", "--yes", "--only", "secrets");
      expect(run.exitCode, run.stderr).to.equal(3);
      expect(run.stderr).to.contain(`creating ${urn}`).and.to.contain("--only data");
      const alone = await environment.pulumi("secrets", "up", "--yes", "--skip-preview");
      expect(alone.exitCode, alone.stdout).to.equal(0);
      expect(alone.stdout + alone.stderr)
        .to.contain(`creating ${urn}`)
        .and.to.contain("--only data");
    } finally {
      await environment.replaceState("data", whole);
    }
    expect((await environment.report("up")).exitCode).to.equal(0);
  });

  it("takes over a killed run's lock and removes its engine's lock", async () => {
    const run = environment.start("up", "--yes", "--force", "--only", "services");
    const { holder } = await lockThat(lock, (record) => record.holder?.activeLayers[0]?.layer === "services");
    // Long enough for Pulumi to take its own lock.
    await sleep(1_500);
    const { holder: later } = await lockThat(lock, (record) => record.holder?.activeLayers.length === 1);
    run.kill("SIGKILL");
    const enginePid = later?.activeLayers[0]?.enginePid ?? 0;
    process.kill(enginePid, "SIGKILL");
    await run;
    await endLeftovers(enginePid);
    const next = await environment.rollout("up", "--yes", "--lock-timeout", "3m");
    expect(next.exitCode, next.stderr).to.equal(0);
    expect(next.stderr).to.contain("Waiting for").and.to.contain(`run ${holder?.runId}`);
    expect(next.stderr).to.contain("Took over the lock of");
    const history = await environment.rollout("history");
    expect(history.stdout).to.contain("not ended");
  });

  it("finds drift by layer, separate from stale and unapplied settings", async () => {
    const clean = await environment.rollout("drift", "--only", "secrets", "--expect-no-changes");
    expect(clean.exitCode, clean.stderr).to.equal(0);
    const logs = new CloudWatchLogsClient(clientOptions(environment.endpoint));
    await logs.send(new DeleteLogGroupCommand({ logGroupName: "other-gateway" }));
    logs.destroy();
    environment.configure("secrets", "proliferate-secrets:secretRecoveryWindowDays", "7");
    const before = await environment.stateOf("services");
    const found = await environment.rollout("drift", "--only", "secrets,services", "--expect-no-changes", "--json");
    expect(found.exitCode).to.equal(2);
    const { layers } = JSON.parse(found.stdout) as RolloutReport;
    expect(layers.map(({ stale, unapplied }) => [stale, unapplied])).to.deep.equal([
      [[], ["settings"]],
      [[], []],
    ]);
    expect(found.stderr).to.match(/secrets +none +none +settings/);
    expect(found.stderr).to.match(/services +1 resource\(s\) +none +none/);
    expect(await environment.stateOf("services")).to.equal(before);
    environment.configure("secrets", "proliferate-secrets:secretRecoveryWindowDays", "0");
  });

  it("deploys where AWS can only be reached through a proxy", async () => {
    // An address that is reserved for documentation, so that nothing answers there (RFC 5737).
    const address = "192.0.2.1:4566";
    const proxy = await startForwardProxy(undefined, { [address]: new URL(environment.endpoint).host });
    const variables = { AWS_ENDPOINT_URL: `http://${address}`, http_proxy: proxy.address, https_proxy: proxy.address };
    try {
      for (const command of [["doctor"], ["status"], ["up", "--only", "network", "--force", "--yes"]] as const) {
        const [name, ...args] = command;
        const { exitCode, stdout, stderr } = await environment.rolloutWith(variables, name, ...args);
        expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
      }
      expect(proxy.asked.some((call) => call.startsWith(`POST http://${address}/`))).to.equal(true);
      expect(proxy.asked.filter((call) => !call.includes(address))).to.deep.equal([]);
    } finally {
      await proxy.close();
    }
  });

  it("can destroy an incomplete environment", async () => {
    const part = await environment.report("destroy", "--only", "services", "--confirm", STACK);
    expect(part.exitCode, environment.printed.at(-1)).to.equal(0);
    const preview = await environment.report("preview");
    expect(preview.layers.map(({ changes, unknownInputs }) => [changes.create > 0, unknownInputs])).to.deep.equal([
      [false, undefined],
      [false, undefined],
      [false, undefined],
      [true, undefined],
    ]);
    const all = await environment.report("destroy", "--confirm", STACK);
    expect(statuses(all)).to.deep.equal(["unchanged", "succeeded", "succeeded", "succeeded"]);
  });
});
