import { expect } from "chai";
import { migrationRequest } from "@proliferate-infra/backend/program/migration-request";
import {
  runMigration,
  type MigrationPort,
  type MigrationRequest,
  type TaskStatus,
} from "@proliferate-infra/backend/program/run-migration";

const request: MigrationRequest = {
  cluster: "proliferate",
  taskDefinition: "arn:aws:ecs:us-east-1:1:task-definition/proliferate-migration:4",
  subnets: ["subnet-1"],
  securityGroup: "sg-1",
  region: "us-east-1",
};
const running: TaskStatus = { status: "RUNNING", exitCode: undefined, reason: undefined };

/** Runs a migration whose task stands like this, look after look. */
async function run(standings: readonly TaskStatus[], lines: readonly string[] = [], others: readonly string[] = []) {
  const told: string[] = [];
  const started: MigrationRequest[] = [];
  const left = [...standings];
  let now = 0;
  const port: MigrationPort = {
    running: () => Promise.resolve(others),
    start: (asked) => {
      started.push(asked);
      return Promise.resolve("arn:task/1");
    },
    taskStatus: () => Promise.resolve(left.shift() ?? running),
    lastLines: () => Promise.resolve(lines),
  };
  const sleep = (milliseconds: number) => {
    now += milliseconds;
    return Promise.resolve();
  };
  const outcome = await runMigration(request, port, { clock: () => now, sleep, tell: (line) => told.push(line) });
  return { outcome, told, started };
}

describe("a migration", () => {
  it("is done when its container ended with 0, and shows its last lines", async () => {
    const stopped = { status: "STOPPED", exitCode: 0, reason: undefined };
    const { outcome, started } = await run([running, running, stopped], ["applied 3"]);
    expect(outcome).to.deep.equal({ lines: ["applied 3"] });
    expect(started).to.deep.equal([request]);
  });

  it("fails with exit code, reason and last lines", async () => {
    const stopped = { status: "STOPPED", exitCode: 2, reason: "Essential container in task exited" };
    const { outcome } = await run([stopped], ["relation exists", "giving up"]);
    expect(outcome.failure).to.equal(
      "The migration ended with exit code 2 (Essential container in task exited). Its last lines:\n" +
        "  relation exists\n  giving up",
    );
  });

  it("fails when its container never ran", async () => {
    const stopped = { status: "STOPPED", exitCode: undefined, reason: "CannotPullContainerError: no image" };
    const { outcome } = await run([stopped]);
    expect(outcome.failure).to.equal(
      "The migration did not get to run (CannotPullContainerError: no image). It wrote nothing to its log.",
    );
  });

  it("is not started beside another one, and says how to end that", async () => {
    const { outcome, started } = await run([], [], ["arn:task/0"]);
    expect(outcome.failure).to.contain("A migration is running already: arn:task/0");
    expect(outcome.failure).to.contain("aws ecs stop-task --cluster proliferate --task arn:task/0 --region us-east-1");
    expect(started).to.deep.equal([]);
  });

  it("says every half minute that it goes on", async () => {
    const looks = Array.from({ length: 35 }, () => running);
    const { told } = await run([...looks, { status: "STOPPED", exitCode: 0, reason: undefined }]);
    expect(told).to.deep.equal([
      "The migration has started: arn:task/1",
      "The migration is running for 30.0s.",
      "The migration is running for 1m00s.",
    ]);
  });
});

describe("what to migrate", () => {
  const outputs = {
    migrationTaskDefinitionArn: request.taskDefinition,
    clusterName: "proliferate",
    privateSubnetIds: ["subnet-1"],
    gatewayTaskSecurityGroupId: "sg-1",
    gatewayUrl: "http://other",
  };

  it("follows from the outputs of network and services", () => {
    expect(migrationRequest(outputs, "prod")).to.deep.equal(request);
  });

  it("is nothing without a deployed task, and the refusal says what makes one", () => {
    expect(() => migrationRequest({ ...outputs, migrationTaskDefinitionArn: undefined }, "prod")).to.throw(
      `scripts/configure.sh set --stack prod 'migrationCommand=["node", "migrate.js"]'`,
    );
  });
});
