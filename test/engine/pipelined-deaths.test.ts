/** A pipelined rollout whose processes are ended while AWS does not answer a call. */
import { on } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { isAlive } from "@proliferate-infra/backend/lock/pulumi-locks";
import type { LockRecord } from "@proliferate-infra/backend/lock/record";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import { parseState } from "@proliferate-infra/backend/pulumi-files/state";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { FaultProxy } from "@proliferate-infra/testing/fault-proxy";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { lockOf, lockThat } from "@proliferate-infra/testing/watched-lock";
import { ends, expectNothingToChange, expectSound } from "./sound-environment.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;

describe("a pipelined rollout with killed processes", function () {
  this.timeout(10 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let proxy: FaultProxy;
  let lock: LockStore;
  before(async () => {
    environment = await EngineEnvironment.start("dev-deaths", smallEnvironment);
    proxy = await FaultProxy.start(environment.endpoint);
    environment.reachAwsThrough(proxy.endpoint);
    lock = await lockOf(environment);
  });
  afterEach(async () => {
    proxy.heal();
    await expectSound(environment, lock);
  });
  after(async () => {
    lock.close();
    await environment.dispose();
    await proxy.stop();
  });

  /** Starts a rollout, and returns it when it has called this operation, which AWS answers after `answer`. */
  async function upTo(operation: string, ...args: readonly string[]) {
    const calls = proxy.calls.length;
    const { promise: until, resolve: answer } = Promise.withResolvers<undefined>();
    proxy.inject(new RegExp(`^${operation}$`), { kind: "held", until }, 1);
    const run = environment.start("up", "--yes", "--json", "--pipelined", ...args);
    const started = Date.now();
    while (!proxy.calls.slice(calls).includes(operation)) {
      if (Date.now() - started > 2 * MINUTES) {
        run.kill("SIGKILL");
        throw new Error(`${operation} was not called: ${(await run).stderr}`);
      }
      await sleep(50);
    }
    // Not the run itself, which would be awaited.
    return {
      run,
      answer: () => {
        answer(undefined);
      },
    };
  }
  type Run = Awaited<ReturnType<typeof upTo>>["run"];

  async function reportOf(run: Run): Promise<RolloutReport> {
    const { stdout, stderr } = await run;
    environment.printed.push(stdout, stderr);
    expect(stdout, stderr).not.to.equal("");
    return JSON.parse(stdout) as RolloutReport;
  }
  const pidOf = ({ holder }: LockRecord, layer: LayerName) =>
    holder?.activeLayers.find((each) => each.layer === layer)?.enginePid ?? 0;

  /** Waits until secrets has created its secrets, and needs values from data for all else. */
  async function secretsWaitForData(): Promise<void> {
    for (;;) {
      const { resources, pendingOperations } = parseState(await environment.stateOf("secrets"), "");
      const created = resources.filter(({ urn }) => urn.includes("$aws:secretsmanager/secret:Secret::"));
      if (created.length === 2 && pendingOperations.length === 0) {
        return;
      }
      await sleep(200);
    }
  }

  it("survives a killed engine: other engines finish, and its lock is removed", async () => {
    const { run, answer } = await upTo("CreateCacheCluster");
    const record = await lockThat(
      lock,
      ({ holder }) => holder?.activeLayers.some(({ layer }) => layer === "secrets") === true,
    );
    await secretsWaitForData();
    process.kill(pidOf(record, "secrets"), "SIGKILL");
    answer();
    const report = await reportOf(run);
    expect(ends(report), environment.printed.at(-1)).to.deep.equal(["succeeded", "succeeded", "failed", "secrets"]);
    expect(environment.printed.at(-1)).to.contain("Removed the orphaned lock of the killed engine of secrets");
  });

  it("stops in order at a signal, with all its engines", async () => {
    const { run, answer } = await upTo("PutSecretValue");
    run.kill("SIGTERM");
    for await (const [printed] of on(run.stderr, "data")) {
      if (String(printed).includes("Interrupted")) {
        break;
      }
    }
    // Nothing shows when the engines have got the signal.
    await sleep(3_000);
    answer();
    const report = await reportOf(run);
    expect(report.exitCode).to.equal(5);
    expect(
      report.layers.slice(2).map(({ status }) => status),
      environment.printed.at(-1),
    ).to.deep.equal(["interrupted", "interrupted"]);
  });

  it("is killed itself: its engines finish, and the next run takes over", async () => {
    const { run, answer } = await upTo("RegisterTaskDefinition", "--resume");
    const record = await lockThat(
      lock,
      ({ holder }) => holder?.activeLayers.some(({ layer }) => layer === "services") === true,
    );
    run.kill("SIGKILL");
    await run;
    answer();
    const pids = layerNames.map((layer) => pidOf(record, layer)).filter((pid) => pid > 0);
    while (pids.some(isAlive)) {
      await sleep(200);
    }
    const next = await environment.report("up", "--pipelined", "--lock-timeout", "3m");
    expect(next.exitCode, environment.printed.at(-1)).to.equal(0);
    expect(environment.printed.at(-1)).to.contain("Took over the lock of");
  });

  it("loses its lock: running layers stop in order and record nothing", async () => {
    environment.configure("services", "proliferate-services:gatewayImageTag", "v2");
    const { run, answer } = await upTo("RegisterTaskDefinition");
    const { holder } = await lockThat(lock, (record) => record.holder?.activeLayers.length === 1);
    const unlocked = await environment.rollout("unlock", "--run", holder?.runId ?? "", "--force");
    expect(unlocked.exitCode, unlocked.stderr).to.equal(0);
    expect(unlocked.stderr).to.contain("Released the lock").and.to.contain("still running");
    answer();
    const { exitCode, stdout, stderr } = await run;
    environment.printed.push(stdout, stderr);
    expect(exitCode, stderr).to.equal(4);
  });

  it("loses its AWS session: it names what AWS may have done, and goes on with new credentials", async () => {
    environment.configure("services", "proliferate-services:gatewayImageTag", "v3");
    const { run, answer } = await upTo("RegisterTaskDefinition");
    proxy.inject(/./, { kind: "expired" });
    // AWS carries out the call that it has, and the engine cannot write the state any more.
    answer();
    const { exitCode, stdout, stderr } = await run;
    environment.printed.push(stdout, stderr);
    expect(exitCode, stderr).to.equal(1);
    expect(stderr).to.contain("ExpiredToken").and.contain(`./rollout up --stack ${environment.stack} --resume`);
    expect(stderr).to.match(/AWS may have done this[^]*aws:ecs\/taskDefinition:TaskDefinition gateway/);
    // Renewed: when the engine needs longer than a lease to give up.
    expect(stderr).to.match(/The lock could not be (released|renewed)/);
    proxy.heal();
    const resumed = await environment.rollout("up", "--yes", "--resume", "--lock-timeout", "3m");
    expect(resumed.exitCode, resumed.stderr).to.equal(0);
  });

  it("has the same result as without these events", async () => {
    const report = await environment.report("up", "--pipelined");
    expect(report.exitCode, environment.printed.at(-1)).to.equal(0);
    await expectNothingToChange(environment);
  });
});
