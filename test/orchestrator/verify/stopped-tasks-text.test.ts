import { expect } from "chai";
import * as fc from "fast-check";
import type { Task } from "@aws-sdk/client-ecs";
import { stoppedTaskLines } from "@proliferate-infra/orchestrator/verify/stopped-tasks-text";
import { oldDefinition, stoppedTask } from "./sample-facts.ts";

const at = (second: number) => new Date(Date.UTC(2024, 0, 2, 3, 4, second));

describe("reasons of stopped tasks", () => {
  it("have time, task definition, ECS's reason, and each container's end", () => {
    const containers = [
      { name: "sidecar", exitCode: undefined, reason: undefined },
      { name: "app", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    ];
    expect(stoppedTaskLines([stoppedTask({ containers })])).to.deep.equal([
      "2024-01-02 03:04:05Z app:4 stopped: Essential container in task exited; " +
        "container app: exit code 137, OutOfMemoryError: Container killed due to memory usage",
    ]);
  });

  it("appear once for each cause, ignoring ids, latest first", () => {
    const refused = (id: string) => `ResourceInitializationError: unable to pull secrets: request id: ${id}`;
    const lines = stoppedTaskLines([
      stoppedTask({ stoppedAt: at(1), stoppedReason: refused("0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"), containers: [] }),
      stoppedTask({ stoppedAt: at(2), taskDefinitionArn: oldDefinition }),
      stoppedTask({ stoppedAt: at(3), stoppedReason: refused("ffffffff-0000-4000-8000-0a1b2c3d4e5f"), containers: [] }),
    ]);
    expect(lines).to.deep.equal([
      "2024-01-02 03:04:03Z app:4 stopped: ResourceInitializationError: unable to pull secrets: " +
        "request id: ffffffff-0000-4000-8000-0a1b2c3d4e5f (2 times)",
      "2024-01-02 03:04:02Z app:3 stopped: Essential container in task exited; container app: exit code 1",
    ]);
  });

  it("leave out tasks that ECS stopped when scaling in", () => {
    const stoppedReason = "Scaling activity initiated by (deployment ecs-svc/1234567890123456789)";
    expect(stoppedTaskLines([stoppedTask({ stoppedReason })])).to.deep.equal([]);
  });

  it("leave out tasks that are still stopping", () => {
    const stopping = { stoppedAt: undefined, stoppedReason: undefined, stoppingAt: at(1) };
    expect(stoppedTaskLines([stoppedTask(stopping)])).to.deep.equal([]);
  });

  it("are one line each, without codes for the terminal", () => {
    const containers = [{ name: "app", exitCode: undefined, reason: "runc:\n\tfailed \u001b[31mred\u0007" }];
    const [line] = stoppedTaskLines([stoppedTask({ stoppedReason: "", containers })]);
    expect(line).to.match(/stopped: no reason given; container app: runc: failed \[31mred$/);
  });

  const anyTask: fc.Arbitrary<Task> = fc.record({
    taskDefinitionArn: fc.constantFrom(oldDefinition, undefined),
    stoppedAt: fc.nat({ max: 5 }).map((milliseconds) => new Date(milliseconds)),
    stoppedReason: fc.option(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), { nil: undefined }),
    containers: fc.array(
      fc.record({
        name: fc.constantFrom("app", "sidecar"),
        exitCode: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
        reason: fc.option(fc.constantFrom("", "why"), { nil: undefined }),
      }),
      { maxLength: 2 },
    ),
  });

  it("are five at most, and do not depend on the order of tasks and containers", () => {
    fc.assert(
      fc.property(fc.array(anyTask, { maxLength: 30 }), (tasks) => {
        const turned = [...tasks]
          .reverse()
          .map((task) => ({ ...task, containers: [...(task.containers ?? [])].reverse() }));
        const lines = stoppedTaskLines(tasks);
        expect(lines.length).to.be.at.most(5);
        expect(stoppedTaskLines(turned)).to.deep.equal(lines);
      }),
    );
  });
});
