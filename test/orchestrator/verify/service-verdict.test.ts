import { expect } from "chai";
import * as fc from "fast-check";
import type { TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import { serviceVerdict, type ServiceFacts } from "@proliferate-infra/orchestrator/verify/service-verdict";
import {
  deployment,
  facts,
  healthyTarget,
  missing,
  newDefinition,
  oldDefinition,
  serviceDeployment,
  targetGroupArn,
  type Changes,
} from "./sample-facts.ts";

const reasonsOf = (changes: Changes, kind: "waiting" | "failed") => {
  const verdict = serviceVerdict(facts(changes));
  expect(verdict.kind).to.equal(kind);
  return verdict.reasons;
};
const behind = (...targets: TargetHealth[]) => ({ targetGroups: [{ arn: targetGroupArn, targets }] });

describe("verdict on a service", () => {
  const healthy: readonly (readonly [string, Changes])[] = [
    ["runs as deployed", {}],
    ["has no load balancer", { targetGroups: [] }],
    ["was scaled to zero", { desiredCount: 0, deployments: [deployment({ runningCount: 0 })], ...behind() }],
    [
      "has an older deployment that has ended",
      { deployments: [deployment({ status: "ACTIVE", runningCount: 0 }), deployment()] },
    ],
    ["has targets that leave", behind(healthyTarget, healthyTarget, { ...healthyTarget, State: "draining" })],
    [
      "was rolled back before its last deployment",
      {
        serviceDeployments: [
          serviceDeployment(),
          serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", createdAt: new Date(999) }),
        ],
      },
    ],
    ["has no history", { serviceDeployments: [] }],
  ];
  for (const [what, changes] of healthy) {
    it(`is healthy when it ${what}`, () => {
      expect(serviceVerdict(facts(changes))).to.deep.equal({ kind: "healthy", reasons: [] });
    });
  }

  const waiting: readonly (readonly [string, Changes, string])[] = [
    ["too few run", { deployments: [deployment({ runningCount: 1 })] }, "1 of 2 tasks run"],
    ["one starts", { deployments: [deployment({ runningCount: 1, pendingCount: 1 })] }, "1 of 2 tasks run, 1 start"],
    ["too many run", { desiredCount: 1, deployments: [deployment()] }, "2 of 1 tasks run"],
    [
      "old tasks run",
      { deployments: [deployment(), deployment({ status: "ACTIVE", runningCount: 1 })] },
      "1 of an older deployment still run",
    ],
    ["ECS is at work", { deployments: [deployment({ rolloutState: "IN_PROGRESS" })] }, "the deployment is in progress"],
    [
      "ECS has only begun",
      {
        serviceDeployments: [serviceDeployment({ status: "PENDING", createdAt: new Date(2000) }), serviceDeployment()],
      },
      "the deployment is in progress",
    ],
    ["a task is not a target yet", behind(healthyTarget), "1 of 2 targets in app-tg are healthy"],
    [
      "targets are not healthy",
      behind(
        {
          State: "unhealthy",
          Reason: "Target.ResponseCodeMismatch",
          Description: "Health checks failed with these codes: [502]",
        },
        { State: "initial", Reason: "Elb.InitialHealthChecking" },
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

  it("waits for a deployment that ECS has not started", () => {
    expect(reasonsOf({ deployments: [] }, "waiting")).to.include("ECS has not begun the deployment");
  });

  const failed: readonly (readonly [string, Changes, string])[] = [
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
          serviceDeployment({
            status: "ROLLBACK_SUCCESSFUL",
            statusReason: "alarm went off",
            createdAt: new Date(1001),
          }),
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

  it("is failed when the service does not exist", () => {
    expect(serviceVerdict(missing("app"))).to.deep.equal({ kind: "failed", reasons: ["ECS has no such service"] });
  });

  it("reports all problems of a failed service, the failure first", () => {
    const changes = { taskDefinition: oldDefinition, deployments: [deployment({ runningCount: 0 })], ...behind() };
    expect(reasonsOf(changes, "failed")).to.deep.equal([
      "rolled back: it runs app:3, not app:4, which is the newest",
      "0 of 2 tasks run",
      "0 of 2 targets in app-tg are healthy",
    ]);
  });
});

describe("verdict on any service", () => {
  const text = fc.option(fc.constantFrom("", "why", "because"), { nil: undefined });
  const small = fc.nat({ max: 3 });
  const anyService = fc.record({
    status: fc.constantFrom("ACTIVE", "ACTIVE", "ACTIVE", "DRAINING", "INACTIVE", undefined),
    taskDefinition: fc.constantFrom(oldDefinition, newDefinition, newDefinition, undefined),
    desiredCount: small,
    deployments: fc.array(
      fc.record({
        status: fc.constantFrom("PRIMARY", "PRIMARY", "ACTIVE", "INACTIVE", undefined),
        rolloutState: fc.constantFrom("IN_PROGRESS", "COMPLETED", "FAILED", undefined),
        rolloutStateReason: text,
        runningCount: small,
        pendingCount: small,
      }),
      { maxLength: 4 },
    ),
  });
  const anyFacts: fc.Arbitrary<ServiceFacts> = fc.record({
    name: fc.constant("app"),
    service: fc.option(anyService, { nil: undefined, freq: 20 }),
    newestTaskDefinition: fc.constantFrom(newDefinition, newDefinition, undefined),
    serviceDeployments: fc.array(
      fc.record({
        status: fc.constantFrom(
          "PENDING",
          "IN_PROGRESS",
          "SUCCESSFUL",
          "STOPPED",
          "ROLLBACK_SUCCESSFUL",
          "ROLLBACK_FAILED",
          undefined,
        ),
        statusReason: text,
        createdAt: small.map((milliseconds) => new Date(milliseconds)),
      }),
      { maxLength: 4 },
    ),
    targetGroups: fc.array(
      fc.record({
        arn: fc.constantFrom(targetGroupArn, "odd"),
        targets: fc.array(
          fc.record({
            State: fc.constantFrom("healthy", "unhealthy", "draining", undefined),
            Reason: text.map((reason) => reason as TargetHealth["Reason"]),
            Description: text,
          }),
          { maxLength: 4 },
        ),
      }),
      { maxLength: 3 },
    ),
  });

  it("gives reasons exactly when the service is not healthy", () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const verdict = serviceVerdict(any);
        if (verdict.kind !== "healthy") {
          expect(verdict.reasons).to.not.be.empty;
          expect(verdict.reasons.join("")).to.not.match(/undefined|NaN|Infinity/);
        }
      }),
    );
  });

  it("is healthy only with the newest definition and all tasks healthy", () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        if (serviceVerdict(any).kind === "healthy") {
          const { taskDefinition, desiredCount = -1, deployments = [] } = any.service ?? {};
          expect(taskDefinition).to.equal(any.newestTaskDefinition);
          expect(deployments.reduce((total, { runningCount = 0 }) => total + runningCount, 0)).to.equal(desiredCount);
          for (const { targets } of any.targetGroups) {
            expect(targets.filter(({ State }) => State === "healthy").length).to.be.at.least(desiredCount);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the order in which AWS lists things", () => {
    const backwards = <T>(list: readonly T[]) => [...list].reverse();
    fc.assert(
      fc.property(anyFacts, (any) => {
        const turned = {
          ...any,
          service: any.service && { ...any.service, deployments: backwards(any.service.deployments ?? []) },
          serviceDeployments: backwards(any.serviceDeployments),
          targetGroups: backwards(any.targetGroups).map(({ arn, targets }) => ({ arn, targets: backwards(targets) })),
        };
        expect(serviceVerdict(turned)).to.deep.equal(serviceVerdict(any));
      }),
    );
  });
});
