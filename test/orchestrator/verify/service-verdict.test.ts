import { expect } from "chai";
import * as fc from "fast-check";
import type { ServiceFacts, TargetFacts } from "@proliferate-infra/orchestrator/verify/service-facts";
import { serviceVerdict } from "@proliferate-infra/orchestrator/verify/service-verdict";
import {
  deployment,
  healthyTarget,
  newDefinition,
  oldDefinition,
  service,
  serviceDeployment,
  targetGroupArn,
} from "./sample-facts.ts";

const reasonsOf = (changes: Partial<ServiceFacts>, kind: "waiting" | "failed") => {
  const verdict = serviceVerdict(service(changes));
  expect(verdict.kind).to.equal(kind);
  return verdict.kind === "healthy" ? [] : verdict.reasons;
};
const behind = (...targets: TargetFacts[]) => ({ targetGroups: [{ arn: targetGroupArn, targets }] });

describe("verdict over a service", () => {
  const healthy: readonly (readonly [string, Partial<ServiceFacts>])[] = [
    ["runs as deployed", {}],
    ["has no load balancer", { targetGroups: [] }],
    ["was scaled to zero", { desired: 0, deployments: [deployment({ running: 0 })], ...behind() }],
    [
      "has an older deployment that has ended",
      { deployments: [deployment({ status: "ACTIVE", running: 0 }), deployment()] },
    ],
    ["has targets that leave", behind(healthyTarget, healthyTarget, { ...healthyTarget, state: "draining" })],
    [
      "was rolled back before its last deployment",
      {
        serviceDeployments: [serviceDeployment(), serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", createdAt: 999 })],
      },
    ],
    ["has no history", { serviceDeployments: [] }],
  ];
  for (const [what, changes] of healthy) {
    it(`is healthy when it ${what}`, () => {
      expect(serviceVerdict(service(changes))).to.deep.equal({ kind: "healthy" });
    });
  }

  const waiting: readonly (readonly [string, Partial<ServiceFacts>, string])[] = [
    ["too few run", { deployments: [deployment({ running: 1 })] }, "1 of 2 tasks run"],
    ["one starts", { deployments: [deployment({ running: 1, pending: 1 })] }, "1 of 2 tasks run, 1 start"],
    ["too many run", { desired: 1, deployments: [deployment()] }, "2 of 1 tasks run"],
    [
      "old tasks run",
      { deployments: [deployment(), deployment({ status: "ACTIVE", running: 1 })] },
      "1 of an older deployment still run",
    ],
    ["ECS is at work", { deployments: [deployment({ rolloutState: "IN_PROGRESS" })] }, "the deployment is in progress"],
    [
      "ECS has only begun",
      { serviceDeployments: [serviceDeployment({ status: "PENDING", createdAt: 2000 }), serviceDeployment()] },
      "the deployment is in progress",
    ],
    ["a task is not a target yet", behind(healthyTarget), "1 of 2 targets in app-tg are healthy"],
    [
      "targets are not healthy",
      behind(
        {
          state: "unhealthy",
          reason: "Target.ResponseCodeMismatch",
          description: "Health checks failed with these codes: [502]",
        },
        { state: "initial", reason: "Elb.InitialHealthChecking", description: undefined },
      ),
      "0 of 2 targets in app-tg are healthy: initial (Elb.InitialHealthChecking); " +
        "unhealthy (Target.ResponseCodeMismatch): Health checks failed with these codes: [502]",
    ],
  ];
  for (const [what, changes, reason] of waiting) {
    it(`waits while ${what}`, () => {
      expect(reasonsOf(changes, "waiting")).to.deep.equal([reason]);
    });
  }

  it("waits for a deployment that ECS has not begun", () => {
    expect(reasonsOf({ deployments: [] }, "waiting")).to.include("ECS has not begun the deployment");
  });

  const failed: readonly (readonly [string, Partial<ServiceFacts>, string])[] = [
    ["there is none", { status: undefined }, "ECS has no such service"],
    ["it is deleted", { status: "DRAINING" }, "the service is DRAINING, not ACTIVE"],
    [
      "it runs an older definition",
      { taskDefinition: oldDefinition },
      "rolled back: it runs app:3, not app:4, which is the newest",
    ],
    [
      "its definition is deregistered",
      { newestTaskDefinition: undefined },
      "it runs app:4, which is deregistered; its family has no active revision",
    ],
    [
      "the last deployment was rolled back although the definition is the same",
      {
        serviceDeployments: [
          serviceDeployment(),
          serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", statusReason: "alarm went off", createdAt: 1001 }),
        ],
      },
      "the last deployment ended as ROLLBACK_SUCCESSFUL: alarm went off",
    ],
    [
      "the circuit breaker has no way back",
      { deployments: [deployment({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." })] },
      "the deployment failed: tasks failed to start.",
    ],
  ];
  for (const [what, changes, reason] of failed) {
    it(`is failed when ${what}`, () => {
      expect(reasonsOf(changes, "failed")).to.deep.equal([reason]);
    });
  }

  it("says all that is wrong with a failed service, what failed first", () => {
    const changes = { taskDefinition: oldDefinition, deployments: [deployment({ running: 0 })], ...behind() };
    expect(reasonsOf(changes, "failed")).to.deep.equal([
      "rolled back: it runs app:3, not app:4, which is the newest",
      "0 of 2 tasks run",
      "0 of 2 targets in app-tg are healthy",
    ]);
  });
});

describe("verdict over any service", () => {
  const text = fc.option(fc.constantFrom("", "why", "because"), { nil: undefined });
  const small = fc.nat({ max: 3 });
  const anyService: fc.Arbitrary<ServiceFacts> = fc.record({
    name: fc.constant("app"),
    status: fc.constantFrom("ACTIVE", "ACTIVE", "ACTIVE", "DRAINING", "INACTIVE", undefined),
    taskDefinition: fc.constantFrom(oldDefinition, newDefinition, newDefinition, undefined),
    newestTaskDefinition: fc.constantFrom(newDefinition, newDefinition, undefined),
    desired: small,
    deployments: fc.array(
      fc.record({
        status: fc.constantFrom("PRIMARY", "PRIMARY", "ACTIVE", "INACTIVE", undefined),
        rolloutState: fc.constantFrom("IN_PROGRESS", "COMPLETED", "FAILED", undefined),
        rolloutStateReason: text,
        running: small,
        pending: small,
      }),
      { maxLength: 4 },
    ),
    serviceDeployments: fc.array(
      fc.record({
        status: fc.constantFrom(
          "PENDING",
          "IN_PROGRESS",
          "SUCCESSFUL",
          "STOPPED",
          "ROLLBACK_SUCCESSFUL",
          "ROLLBACK_FAILED",
        ),
        statusReason: text,
        createdAt: small,
      }),
      { maxLength: 4 },
    ),
    targetGroups: fc.array(
      fc.record({
        arn: fc.constantFrom(targetGroupArn, "odd"),
        targets: fc.array(
          fc.record({
            state: fc.constantFrom("healthy", "unhealthy", "draining", "new word"),
            reason: text,
            description: text,
          }),
          { maxLength: 4 },
        ),
      }),
      { maxLength: 3 },
    ),
  });

  it("gives reasons exactly when the service is not healthy", () => {
    fc.assert(
      fc.property(anyService, (facts) => {
        const verdict = serviceVerdict(facts);
        if (verdict.kind !== "healthy") {
          expect(verdict.reasons).to.not.be.empty;
          expect(verdict.reasons.join("")).to.not.match(/undefined|NaN|Infinity/);
        }
      }),
    );
  });

  it("calls only what runs the newest definition with all its tasks healthy", () => {
    fc.assert(
      fc.property(anyService, (facts) => {
        if (serviceVerdict(facts).kind === "healthy") {
          expect(facts.taskDefinition).to.equal(facts.newestTaskDefinition);
          const running = facts.deployments.reduce((total, each) => total + each.running, 0);
          expect(running).to.equal(facts.desired);
          for (const { targets } of facts.targetGroups) {
            expect(targets.filter(({ state }) => state === "healthy").length).to.be.at.least(facts.desired);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the order in which AWS lists things", () => {
    const backwards = <T>(list: readonly T[]) => [...list].reverse();
    fc.assert(
      fc.property(anyService, (facts) => {
        const turned = {
          ...facts,
          deployments: backwards(facts.deployments),
          serviceDeployments: backwards(facts.serviceDeployments),
          targetGroups: backwards(facts.targetGroups).map(({ arn, targets }) => ({ arn, targets: backwards(targets) })),
        };
        expect(serviceVerdict(turned)).to.deep.equal(serviceVerdict(facts));
      }),
    );
  });
});
