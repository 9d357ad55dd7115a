/** Engines that are killed after AWS has begun to create something, before Pulumi knows of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { expect } from "chai";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import { parseState } from "@proliferate-infra/backend/pulumi-files/state";
import { endLeftovers } from "@proliferate-infra/orchestrator/pulumi/leftovers";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { FaultProxy } from "@proliferate-infra/testing/fault-proxy";
import { lockOf, lockThat } from "@proliferate-infra/testing/watched-lock";
import { using } from "./emulator-client.ts";
import { leftOnAws } from "./left-on-aws.ts";
import { expectSound } from "./sound-environment.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;

describe("creations that were cut off", function () {
  this.timeout(10 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let proxy: FaultProxy;
  let lock: LockStore;
  let leftAtStart: readonly string[];
  before(async () => {
    environment = await EngineEnvironment.start("dev-cut-off");
    proxy = await FaultProxy.start(environment.endpoint);
    environment.reachAwsThrough(proxy.endpoint);
    lock = await lockOf(environment);
    leftAtStart = await leftOnAws(environment);
  });
  after(async () => {
    lock.close();
    await environment.dispose();
    await proxy.stop();
  });

  /** Kills the engine of a layer when AWS has done these operations, and before it answers. */
  async function killedAfter(layer: LayerName, ...operations: readonly string[]): Promise<void> {
    operations.forEach((operation) => {
      proxy.inject(new RegExp(`^${operation}$`), { kind: "unanswered" });
    });
    const run = environment.start("up", "--yes", "--only", layer);
    const deadline = Date.now() + 3 * MINUTES;
    while (!operations.every((operation) => proxy.unanswered.includes(operation))) {
      expect(Date.now(), `AWS was only asked for ${proxy.unanswered.join()}`).to.be.lessThan(deadline);
      await sleep(100);
    }
    const { holder } = await lockThat(lock, (record) => record.holder?.activeLayers.length === 1);
    const enginePid = holder?.activeLayers[0]?.enginePid ?? 0;
    process.kill(enginePid, "SIGKILL");
    await endLeftovers(enginePid);
    proxy.heal();
    proxy.unanswered.length = 0;
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).to.equal(1);
    const { pendingOperations } = parseState(await environment.stateOf(layer), "");
    expect(pendingOperations.filter(({ type }) => type === "creating")).to.have.length.at.least(operations.length);
  }

  it("of a database and a cache are taken into the state by the next rollout", async () => {
    expect((await environment.report("up", "--only", "network")).exitCode).to.equal(0);
    await killedAfter("data", "CreateDBInstance", "CreateCacheCluster");
    const { exitCode, stderr } = await environment.rollout("up", "--yes", "--only", "data");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.match(
      /aws:rds\/instance:Instance::\S+ was cut off. AWS has it, so it was taken into the state: db-/,
    );
    const { DBInstances = [] } = await using(RDSClient, environment, (rds) =>
      rds.send(new DescribeDBInstancesCommand({})),
    );
    expect(DBInstances).to.have.length(1);
    await expectSound(environment, lock);
    const preview = await environment.pulumi("data", "preview", "--diff", "--expect-no-changes");
    expect(preview.exitCode, preview.stdout + preview.stderr).to.equal(0);
  });

  it("of a load balancer are deleted by a destroy, with all else", async () => {
    expect((await environment.report("up", "--only", "secrets")).exitCode).to.equal(0);
    await killedAfter("services", "CreateLoadBalancer");
    const { exitCode, stderr } = await environment.rollout("destroy", "--yes", "--confirm", environment.stack);
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.match(
      /aws:lb\/loadBalancer:LoadBalancer::\S+ was cut off. AWS has it, so it was taken into the state: arn/,
    );
    expect(await leftOnAws(environment)).to.deep.equal(leftAtStart);
    await expectSound(environment, lock);
  });
});
