/** Migrations: by themselves, before services change, and one that fails and so keeps the services as they are. */
import { expect } from "chai";
import { DescribeServicesCommand, ECSClient, RunTaskCommand } from "@aws-sdk/client-ecs";
import { taskDefinitionName } from "@proliferate-infra/shared/aws/task-definition-name";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { using } from "./emulator-client.ts";
import { expectRulesKept } from "./kept-rules.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const STACK = "dev-migrate";
const images = { gatewayImageTag: "v1", workerImageTag: "v1" };

describe("migrations on the engine", function () {
  this.timeout(20 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  before(async () => {
    environment = await EngineEnvironment.start(STACK, { ...smallEnvironment, ...images });
  });
  after(() => environment.dispose());

  /** Revision of the task definition that a service runs, such as `other-gateway:2`. */
  const revisionOf = (service: string) =>
    using(ECSClient, environment, async (ecs) => {
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster: "other", services: [`other-${service}`] }),
      );
      return taskDefinitionName(services[0]?.taskDefinition ?? "none");
    });
  const set = (key: string, value: string) => {
    environment.configure("services", `proliferate-services:${key}`, value);
  };

  it("are refused when none is configured; the error says how to configure one", async () => {
    const { exitCode, stderr } = await environment.rollout("migrate", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain(`scripts/configure.sh set --stack ${STACK} 'migrationCommand=`);
    const asked = await environment.rollout("up", "--migrate", "--yes");
    expect([asked.exitCode, asked.stderr.includes("has no migration")]).to.deep.equal([3, true]);
    const elsewhere = await environment.rollout("up", "--migrate", "--yes", "--only", "network");
    expect([elsewhere.exitCode, elsewhere.stderr.includes("services is not to be deployed")]).to.deep.equal([3, true]);
  });

  it("run before the first services, and only on request", async () => {
    set("migrationCommand", '["node", "migrate.js"]');
    const { exitCode, stderr } = await environment.rollout("up", "--migrate", "--yes");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain("The migration has started: arn:aws:ecs:");
    set("appUrl", "https://second.example.com");
    const second = await environment.rollout("up", "--yes");
    expect([second.exitCode, second.stderr.includes("The migration has started")]).to.deep.equal([0, false]);
  });

  it("run once before services get their new task definitions", async () => {
    set("appUrl", "https://third.example.com");
    const before = await revisionOf("gateway");
    const { exitCode, stderr } = await environment.rollout("up", "--migrate", "--yes");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr.match(/The migration has started/g)).to.have.length(1);
    expect(await revisionOf("gateway")).not.to.equal(before);
  });

  it("that fail change no service, and print exit code and last lines", async () => {
    set("extraEnvironment", '{"EMULATED_EXIT_CODE": "3"}');
    const before = [await revisionOf("gateway"), await revisionOf("worker")];
    const { exitCode, stderr } = await environment.rollout("up", "--migrate", "--yes");
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain("The migration ended with exit code 3 (Essential container in task exited).");
    expect(stderr).to.contain("node migrate.js did not run, exit code 3.");
    expect([await revisionOf("gateway"), await revisionOf("worker")]).to.deep.equal(before);
  });

  it("fail with exit code 1 when run alone", async () => {
    // Without --migrate the services are deployed, and with them the task that would fail.
    expect((await environment.report("up")).exitCode).to.equal(0);
    const { exitCode, stderr } = await environment.rollout("migrate", "--yes");
    expect([exitCode, stderr.includes("ended with exit code 3")]).to.deep.equal([1, true]);
  });

  it("continue after the failure is fixed", async () => {
    set("extraEnvironment", "{}");
    const { exitCode, stderr } = await environment.rollout("up", "--migrate", "--yes");
    expect(exitCode, stderr).to.equal(0);
    const alone = await environment.rollout("migrate", "--yes");
    expect(alone.exitCode, alone.stderr).to.equal(0);
    expect(alone.stderr).to.contain("node migrate.js did not run, exit code 0.");
  });

  it("are refused while a migration of another user runs", async () => {
    // Longer than the emulator's second, or the rollout would have to be faster.
    const environmentOf = [{ name: "EMULATED_SECONDS", value: "600" }];
    const overrides = { containerOverrides: [{ name: "migration", environment: environmentOf }] };
    await using(ECSClient, environment, (ecs) =>
      ecs.send(new RunTaskCommand({ cluster: "other", taskDefinition: "other-migration", overrides })),
    );
    const { exitCode, stderr } = await environment.rollout("migrate", "--yes");
    expect([exitCode, stderr.includes("A migration is running already")]).to.deep.equal([1, true]);
  });

  it("follow every rule of the policy pack", () => expectRulesKept(environment));

  it("leave nothing in the state that a destroy needs the program for", async () => {
    const { exitCode } = await environment.report("destroy", "--only", "services", "--confirm", STACK);
    expect(exitCode, environment.printed.at(-1)).to.equal(0);
  });
});
