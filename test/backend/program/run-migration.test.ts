import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";
import { CloudWatchLogsClient, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient, type Task } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { migrationRequest, type MigrationRequest } from "@proliferate-infra/backend/program/migration-request";
import { runMigration } from "@proliferate-infra/backend/program/run-migration";
import { noAccount, recorded, type Answers } from "@proliferate-infra/testing/recorded-client";

const request: MigrationRequest = {
  cluster: "proliferate",
  taskDefinition: "arn:aws:ecs:us-east-1:1:task-definition/proliferate-migration:4",
  subnets: ["subnet-1"],
  securityGroup: "sg-1",
  region: "us-east-1",
};
const taskArn = "arn:aws:ecs:us-east-1:1:task/proliferate/0a1b";
const running: Task = { lastStatus: "RUNNING", containers: [{ name: "migration" }] };
const stopped = (exitCode?: number, reason?: string): Task => ({
  lastStatus: "STOPPED",
  stoppedReason: "Essential container in task exited",
  containers: [{ name: "migration", exitCode, reason }],
});
const logConfiguration = { options: { "awslogs-group": "group", "awslogs-stream-prefix": "ecs" } };

/** A migration whose task stops after these seconds, or never. */
class Migration {
  readonly reports: string[] = [];
  readonly started: Readonly<Record<string, unknown>>[] = [];
  readonly controller = new AbortController();
  readonly #answers: Answers;

  constructor(end: { readonly after?: number; readonly as?: Task }, answers: Answers = {}) {
    this.#answers = {
      ListTasks: () => ({ taskArns: [] }),
      RunTask: (input) => {
        this.started.push(input);
        return { tasks: [{ taskArn }], failures: [] };
      },
      DescribeTasks: () => {
        const hasStopped = end.after !== undefined && Date.now() >= end.after * 1_000;
        return { tasks: [hasStopped ? (end.as ?? stopped(0)) : running] };
      },
      DescribeTaskDefinition: () => ({
        taskDefinition: { containerDefinitions: [{ name: "migration", logConfiguration }] },
      }),
      GetLogEvents: () => ({ events: [] }),
      ...answers,
    };
  }

  /** Runs it while the clock goes on by a second whenever it waits. */
  async run() {
    const clients = {
      ecs: recorded(new ECSClient(noAccount), this.#answers),
      logs: recorded(new CloudWatchLogsClient(noAccount), this.#answers),
    };
    const report = (line: string) => this.reports.push(line);
    const state = { isOver: false };
    const running = runMigration(request, clients, { report, signal: this.controller.signal });
    const done = running.finally(() => (state.isOver = true));
    done.catch(() => undefined);
    while (!state.isOver) {
      for (let turn = 0; turn < 5; turn++) {
        await setImmediate();
      }
      mock.timers.tick(1_000);
    }
    return done;
  }
}

describe("a migration", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it("succeeds when its container exits with 0, and shows its last lines", async () => {
    const logStreamName = "ecs/migration/0a1b";
    const migration = new Migration(
      { after: 5 },
      {
        GetLogEvents: (input) => {
          expect(input).to.deep.include({ logGroupName: "group", logStreamName });
          return { events: [{ message: "applied 3" }] };
        },
      },
    );
    expect(await migration.run()).to.deep.equal({ lines: ["applied 3"] });
    expect(migration.started).to.have.length(1);
    expect(migration.started[0]).to.deep.include({
      cluster: request.cluster,
      taskDefinition: request.taskDefinition,
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
      },
    });
  });

  it("fails with exit code, reason and last lines", async () => {
    const events = [{ message: "relation exists" }, { message: "giving up" }];
    const migration = new Migration({ after: 0, as: stopped(2) }, { GetLogEvents: () => ({ events }) });
    expect((await migration.run()).failure).to.equal(
      "The migration ended with exit code 2 (Essential container in task exited). Its last lines:\n" +
        "  relation exists\n  giving up",
    );
  });

  it("fails when its container did not run", async () => {
    const reason = "CannotPullContainerError: no image";
    const migration = new Migration(
      { after: 0, as: stopped(undefined, reason) },
      {
        GetLogEvents: () => {
          throw new ResourceNotFoundException({ message: "no stream", $metadata: {} });
        },
      },
    );
    expect((await migration.run()).failure).to.equal(
      `The migration did not start (${reason}). It wrote nothing to its log.`,
    );
  });

  it("fails with ECS's reason when no task could be started", async () => {
    const failures = [{ reason: "Capacity is unavailable at this time." }];
    const migration = new Migration({}, { RunTask: () => ({ tasks: [], failures }) });
    const error: unknown = await migration.run().catch((reason: unknown) => reason);
    expect(String(error)).to.contain("Capacity is unavailable at this time.");
  });

  it("is not started while another one runs, and names the command that stops it", async () => {
    const migration = new Migration(
      {},
      {
        ListTasks: ({ cluster, family, desiredStatus }) => {
          expect([cluster, family, desiredStatus]).to.deep.equal(["proliferate", "proliferate-migration", undefined]);
          return { taskArns: ["arn:task/0"] };
        },
      },
    );
    const { failure } = await migration.run();
    expect(failure).to.contain("A migration is running already: arn:task/0");
    expect(failure).to.contain("aws ecs stop-task --cluster proliferate --task arn:task/0 --region us-east-1");
    expect(migration.started).to.deep.equal([]);
  });

  it("reports every half minute that it is running", async () => {
    const migration = new Migration({ after: 70 });
    await migration.run();
    const [start = "", ...others] = migration.reports;
    expect(start).to.contain(taskArn);
    expect(others).to.have.length(2);
    expect(others.every((line) => line.includes("RUNNING"))).to.equal(true);
  });

  it("survives a short AWS failure, and fails after a long one", async () => {
    const unavailableUntil = (second: number) => () => {
      if (Date.now() < second * 1_000) {
        throw new Error("no route to AWS");
      }
      return { tasks: [stopped(0)] };
    };
    const short = new Migration({}, { DescribeTasks: unavailableUntil(20) });
    expect(await short.run()).to.deep.equal({ lines: [] });
    mock.timers.setTime(0);
    const lasting = new Migration({}, { DescribeTasks: unavailableUntil(Infinity) });
    const error: unknown = await lasting.run().catch((reason: unknown) => reason);
    expect(String(error)).to.contain("ecs:DescribeTasks: Error: no route to AWS");
  });

  it("stops waiting after an interruption", async () => {
    const migration: Migration = new Migration(
      {},
      {
        DescribeTasks: () => {
          migration.controller.abort();
          return { tasks: [running] };
        },
      },
    );
    const error: unknown = await migration.run().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property("name", "AbortError");
  });
});

describe("the migration's task", () => {
  const outputs = {
    migrationTaskDefinitionArn: request.taskDefinition,
    clusterName: "proliferate",
    privateSubnetIds: ["subnet-1"],
    gatewayTaskSecurityGroupId: "sg-1",
    gatewayUrl: "http://other",
  };

  it("comes from the outputs of network and services", () => {
    expect(migrationRequest(outputs, "prod")).to.deep.equal(request);
  });

  it("is missing without a deployed task; the error says how to create it", () => {
    expect(() => migrationRequest({ ...outputs, migrationTaskDefinitionArn: undefined }, "prod")).to.throw(
      `scripts/configure.sh set --stack prod 'migrationCommand=["node", "migrate.js"]'`,
    );
  });
});
