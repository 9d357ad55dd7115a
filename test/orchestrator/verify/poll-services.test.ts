import { expect } from "chai";
import { AwsCallFailed } from "@proliferate-infra/backend/aws/call";
import { pollServices, type ServiceReader } from "@proliferate-infra/orchestrator/verify/poll-services";
import { deployment, facts, missing, oldDefinition, stoppedTask, type Changes } from "./sample-facts.ts";

const tooFew = { deployments: [deployment({ runningCount: 1 })] };

/** A look at each service by name: its changes, or AWS's refusal. */
type Look = Readonly<Record<string, Changes>> | AwsCallFailed;

/** Polls over these looks, the last of which repeats, with a clock that only sleep moves. */
function polling(looks: readonly Look[], reader: Partial<ServiceReader> = {}) {
  const controller = new AbortController();
  const asked: (readonly string[])[] = [];
  const heard: (readonly string[])[] = [];
  let now = 0;
  const run = (...services: string[]) =>
    pollServices(
      services,
      {
        services: (names) => {
          const look = looks[Math.min(asked.length, looks.length - 1)] ?? {};
          asked.push(names);
          return look instanceof AwsCallFailed
            ? Promise.reject(look)
            : Promise.resolve(names.map((name) => facts(look[name], name)));
        },
        stoppedTasks: () => Promise.resolve([stoppedTask()]),
        ...reader,
      },
      {
        withinMs: 20_000,
        everyMs: 5_000,
        clock: () => now,
        sleep: (milliseconds) => {
          now += milliseconds;
          return Promise.resolve();
        },
        signal: controller.signal,
        onWaiting: (waiting) => heard.push(waiting),
      },
    );
  return { run, asked, heard, controller, elapsed: () => now };
}

describe("polling of services", () => {
  it("checks once when all services are healthy", async () => {
    const { run, asked, elapsed } = polling([{}]);
    expect(await run("one", "two")).to.deep.equal([]);
    expect(asked).to.deep.equal([["one", "two"]]);
    expect(elapsed()).to.equal(0);
  });

  it("checks only pending services again, and names them", async () => {
    const { run, asked, heard } = polling([{ two: tooFew }, { one: { status: "DRAINING" } }]);
    expect(await run("one", "two")).to.deep.equal([]);
    expect(asked).to.deep.equal([["one", "two"], ["two"]]);
    expect(heard).to.deep.equal([["two"]]);
  });

  it("does not wait for a failed service, and reports why its tasks stopped", async () => {
    const { run, asked } = polling([{ one: { taskDefinition: oldDefinition } }]);
    expect(await run("one", "two")).to.deep.equal([
      [
        "one failed:",
        "  rolled back: it runs app:3, not app:4, which is the newest",
        "  2024-01-02 03:04:05Z app:4 stopped: Essential container in task exited; container app: exit code 1",
      ].join("\n"),
    ]);
    expect(asked).to.have.length(1);
  });

  it("fails a service that the cluster does not have", async () => {
    const { run } = polling([], { services: (names) => Promise.resolve(names.map(missing)) });
    expect((await run("one")).join()).to.contain("one failed:\n  ECS has no such service");
  });

  it("ends at the timeout, with the last reasons", async () => {
    const { run, asked, elapsed } = polling([{ one: tooFew }]);
    const [problem, ...others] = await run("one");
    expect(problem?.split("\n").slice(0, 2)).to.deep.equal(["one was not healthy within 20.0s:", "  1 of 2 tasks run"]);
    expect(others).to.deep.equal([]);
    expect(asked).to.have.length(5);
    expect(elapsed()).to.equal(20_000);
  });

  it("is interrupted between two checks: services stay pending", async () => {
    const sample = polling([{ one: tooFew }]);
    const { run, heard, controller } = sample;
    const ended = run("one", "two");
    controller.abort();
    expect(await ended).to.deep.equal(["one:\n  1 of 2 tasks run"]);
    expect(heard).to.have.length(1);
  });

  it("is interrupted in the middle of a call", async () => {
    const { run, controller } = polling([], {
      services: () => {
        controller.abort();
        return Promise.reject(new AwsCallFailed("ecs:DescribeServices", "AbortError"));
      },
    });
    expect(await run("one")).to.deep.equal(["one:\n  not looked at yet"]);
  });

  it("fails only services that cannot be read", async () => {
    const refusal = new AwsCallFailed("ecs:DescribeServices", "AccessDeniedException: no");
    const { run } = polling([{ two: tooFew, three: tooFew }, refusal]);
    expect(await run("one", "two", "three")).to.deep.equal([
      "two, three could not be verified: ecs:DescribeServices: AccessDeniedException: no",
    ]);
  });

  it("has a verdict even when the stopped tasks cannot be read", async () => {
    const { run } = polling([{ one: { status: "DRAINING" } }], {
      stoppedTasks: () => Promise.reject(new AwsCallFailed("ecs:ListTasks", "AccessDeniedException: no")),
    });
    expect(await run("one")).to.deep.equal([
      "one failed:\n  the service is DRAINING, not ACTIVE\n" +
        "  its stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no",
    ]);
  });

  it("does not report a bug as an AWS error", async () => {
    const { run } = polling([], { services: () => Promise.reject(new TypeError("bug")) });
    const error = await run("one").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError);
  });
});
