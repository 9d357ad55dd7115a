import { expect } from "chai";
import { FactsUnavailable, type FactsReader } from "@proliferate-infra/orchestrator/verify/facts-reader";
import { pollServices } from "@proliferate-infra/orchestrator/verify/poll-services";
import type { ServiceFacts } from "@proliferate-infra/orchestrator/verify/service-facts";
import { deployment, oldDefinition, service, stoppedTask } from "./sample-facts.ts";

const tooFew = { deployments: [deployment({ running: 1 })] };

/** A look at each service by name: its changes, or AWS's refusal. */
type Look = Readonly<Record<string, Partial<ServiceFacts>>> | FactsUnavailable;

/** Polls over these looks, the last of which repeats, with a clock that only sleep moves. */
function polling(looks: readonly Look[], reader: Partial<FactsReader> = {}) {
  const controller = new AbortController();
  const asked: (readonly string[])[] = [];
  const heard: (readonly string[])[] = [];
  let now = 0;
  const run = (...services: string[]) =>
    pollServices(
      { cluster: "apps", services },
      {
        services: (_cluster, names) => {
          const look = looks[Math.min(asked.length, looks.length - 1)] ?? {};
          asked.push(names);
          return look instanceof FactsUnavailable
            ? Promise.reject(look)
            : Promise.resolve(names.map((name) => service({ ...look[name], name })));
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
  it("looks once when all is well", async () => {
    const { run, asked, elapsed } = polling([{}]);
    expect(await run("one", "two")).to.deep.equal({ healthy: ["one", "two"], failures: [], waiting: [] });
    expect(asked).to.deep.equal([["one", "two"]]);
    expect(elapsed()).to.equal(0);
  });

  it("looks again only at services that are waited for, and says what for", async () => {
    const { run, asked, heard } = polling([{ two: tooFew }, { one: { status: undefined } }]);
    expect(await run("one", "two")).to.deep.equal({ healthy: ["one", "two"], failures: [], waiting: [] });
    expect(asked).to.deep.equal([["one", "two"], ["two"]]);
    expect(heard).to.deep.equal([["two:\n  1 of 2 tasks run"]]);
  });

  it("does not wait for a failed service, and says why its tasks stopped", async () => {
    const { run, asked } = polling([{ one: { taskDefinition: oldDefinition } }]);
    const { failures, healthy } = await run("one", "two");
    expect(healthy).to.deep.equal(["two"]);
    expect(failures).to.deep.equal([
      [
        "one failed:",
        "  rolled back: it runs app:3, not app:4, which is the newest",
        "  2024-01-02 03:04:05Z app:4 stopped: Essential container in task exited; container app: exit code 1",
      ].join("\n"),
    ]);
    expect(asked).to.have.length(1);
  });

  it("ends in time, with the last reasons", async () => {
    const { run, asked, elapsed } = polling([{ one: tooFew }]);
    const { failures, waiting } = await run("one");
    expect(failures[0]?.split("\n").slice(0, 2)).to.deep.equal([
      "one was not healthy within 20.0s:",
      "  1 of 2 tasks run",
    ]);
    expect(waiting).to.deep.equal([]);
    expect(asked).to.have.length(5);
    expect(elapsed()).to.equal(20_000);
  });

  it("is interrupted between two looks: what was waited for stays open", async () => {
    const sample = polling([{ one: tooFew }]);
    const { run, heard, controller } = sample;
    const ended = run("one", "two");
    controller.abort();
    expect(await ended).to.deep.equal({ healthy: ["two"], failures: [], waiting: ["one:\n  1 of 2 tasks run"] });
    expect(heard).to.have.length(1);
  });

  it("is interrupted in the middle of a call", async () => {
    const { run, controller } = polling([], {
      services: () => {
        controller.abort();
        return Promise.reject(new FactsUnavailable("ecs:DescribeServices: AbortError"));
      },
    });
    expect(await run("one")).to.deep.equal({ healthy: [], failures: [], waiting: ["one:\n  not looked at yet"] });
  });

  it("fails the services that AWS tells nothing of, and keeps what was known", async () => {
    const refusal = new FactsUnavailable("ecs:DescribeServices: AccessDeniedException: no");
    const { run } = polling([{ two: tooFew, three: tooFew }, refusal]);
    expect(await run("one", "two", "three")).to.deep.equal({
      healthy: ["one"],
      failures: ["two, three could not be verified: ecs:DescribeServices: AccessDeniedException: no"],
      waiting: [],
    });
  });

  it("keeps a verdict whose explanation cannot be had", async () => {
    const { run } = polling([{ one: { status: "DRAINING" } }], {
      stoppedTasks: () => Promise.reject(new FactsUnavailable("ecs:ListTasks: AccessDeniedException: no")),
    });
    const { failures } = await run("one");
    expect(failures).to.deep.equal([
      "one failed:\n  the service is DRAINING, not ACTIVE\n" +
        "  its stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no",
    ]);
  });

  it("does not take a bug for an answer of AWS", async () => {
    const { run } = polling([], { services: () => Promise.reject(new TypeError("bug")) });
    const error = await run("one").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError);
  });
});
