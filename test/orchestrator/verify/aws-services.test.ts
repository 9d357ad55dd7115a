import { expect } from "chai";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { serviceReader } from "@proliferate-infra/orchestrator/verify/aws-services";
import { pollServices } from "@proliferate-infra/orchestrator/verify/poll-services";
import { noAccount, recorded, type Answers } from "@proliferate-infra/testing/recorded-client";
import { newDefinition, oldDefinition, targetGroupArn } from "./sample-facts.ts";

const { signal } = new AbortController();

/** Shapes as ECS and the load balancers answer them for a service that is well. */
const service = {
  serviceName: "app",
  serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/apps/app",
  clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/apps",
  status: "ACTIVE",
  taskDefinition: newDefinition,
  desiredCount: 1,
  deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED", runningCount: 1, pendingCount: 0 }],
  loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 8787 }],
};
const target = (health: object) => ({ Target: { Id: "10.0.0.1" }, TargetHealth: health });
const wellAnswers: Answers = {
  DescribeServices: () => ({ services: [service], failures: [] }),
  ListTaskDefinitions: () => ({ taskDefinitionArns: [newDefinition] }),
  ListServiceDeployments: () => ({ serviceDeployments: [{ status: "SUCCESSFUL", createdAt: new Date(1000) }] }),
  DescribeTargetHealth: () => ({ TargetHealthDescriptions: [target({ State: "healthy" })] }),
  ListTasks: () => ({ taskArns: [] }),
  DescribeTasks: () => ({ tasks: [] }),
};

/** One look at "app"; its deadline is over at once. */
const verify = (changes: Answers) => {
  const answers = { ...wellAnswers, ...changes };
  const clients = {
    ecs: recorded(new ECSClient(noAccount), answers),
    loadBalancers: recorded(new ElasticLoadBalancingV2Client(noAccount), answers),
  };
  return pollServices(["app"], serviceReader(clients, "apps", { abortSignal: signal }), {
    withinMs: 0,
    everyMs: 1,
    clock: () => 0,
    sleep: () => Promise.reject(new Error("must not wait")),
    signal,
    onWaiting: () => undefined,
  });
};
const linesOf = async (answers: Answers) => (await verify(answers)).flatMap((text) => text.split("\n"));

describe("services from recorded AWS responses", () => {
  it("are those of a healthy service", async () => {
    expect(await verify({})).to.deep.equal([]);
  });

  it("show a rollback by the circuit breaker, which DescribeServices calls completed", async () => {
    const lines = await linesOf({
      DescribeServices: () => ({ services: [{ ...service, taskDefinition: oldDefinition }] }),
      ListServiceDeployments: ({ nextToken }) =>
        nextToken === undefined
          ? { serviceDeployments: [{ status: "SUCCESSFUL", createdAt: new Date(1000) }], nextToken: "more" }
          : {
              serviceDeployments: [
                {
                  status: "ROLLBACK_SUCCESSFUL",
                  statusReason: "Circuit breaker threshold exceeded.",
                  createdAt: new Date(2000),
                },
              ],
            },
    });
    expect(lines).to.deep.equal([
      "app failed:",
      "  rolled back: it runs app:3, not app:4, which is the newest",
      "  the last deployment ended as ROLLBACK_SUCCESSFUL: Circuit breaker threshold exceeded.",
    ]);
  });

  it("show unhealthy targets with the load balancer's reasons", async () => {
    const health = {
      State: "unhealthy",
      Reason: "Target.ResponseCodeMismatch",
      Description: "Health checks failed with these codes: [502]",
    };
    expect(
      await linesOf({ DescribeTargetHealth: () => ({ TargetHealthDescriptions: [target(health)] }) }),
    ).to.deep.equal([
      "app was not healthy within 0ms:",
      "  0 of 1 targets in app-tg are healthy: " +
        "unhealthy (Target.ResponseCodeMismatch): Health checks failed with these codes: [502]",
    ]);
  });

  it("use the newest revision of the service's family, in any order", async () => {
    const revision = (name: string) => newDefinition.replace("app:4", name);
    const lines = await linesOf({
      DescribeServices: () => ({ services: [{ ...service, taskDefinition: revision("app:9") }] }),
      ListTaskDefinitions: ({ familyPrefix, status, nextToken }) => {
        expect({ familyPrefix, status }).to.deep.equal({ familyPrefix: "app", status: "ACTIVE" });
        return nextToken === undefined
          ? { taskDefinitionArns: [revision("app-two:70")], nextToken: "more" }
          : { taskDefinitionArns: [revision("app:9"), revision("app:10"), revision("app-two:80")] };
      },
    });
    expect(lines).to.include("  rolled back: it runs app:9, not app:10, which is the newest");
  });

  it("have all stopped tasks from several calls, without tasks that are still stopping", async () => {
    const described: number[] = [];
    const lines = await linesOf({
      DescribeServices: () => ({ services: [{ ...service, status: "DRAINING" }] }),
      ListTasks: ({ desiredStatus, serviceName }) => {
        expect({ desiredStatus, serviceName }).to.deep.equal({ desiredStatus: "STOPPED", serviceName: "app" });
        return { taskArns: Array.from({ length: 130 }, (_, index) => `task/${index}`) };
      },
      DescribeTasks: ({ tasks }) => {
        const arns = tasks as string[];
        described.push(arns.length);
        const stopped = {
          taskDefinitionArn: newDefinition,
          stoppedAt: new Date(0),
          stoppedReason: "Essential container in task exited",
          overrides: { containerOverrides: [{ name: "app", environment: [{ name: "KEY", value: "canary" }] }] },
          containers: [{ name: "app", exitCode: 1 }],
        };
        return { tasks: [...arns.slice(1).map(() => stopped), { taskDefinitionArn: newDefinition }] };
      },
    });
    expect(described).to.deep.equal([100, 30]);
    expect(lines.slice(2)).to.deep.equal([
      "  1970-01-01 00:00:00Z app:4 stopped: Essential container in task exited; container app: exit code 1 (128 times)",
    ]);
  });

  it("name the call that AWS refuses", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    const refuse = () => {
      throw denied;
    };
    expect(await linesOf({ DescribeTargetHealth: refuse })).to.deep.equal([
      "app could not be verified: elasticloadbalancing:DescribeTargetHealth: AccessDeniedException: not authorized",
    ]);
    expect(await linesOf({ ListTaskDefinitions: refuse })).to.deep.equal([
      "app could not be verified: ecs:ListTaskDefinitions: AccessDeniedException: not authorized",
    ]);
  });
});
