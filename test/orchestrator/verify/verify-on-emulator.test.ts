import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "chai";
import { serviceReader } from "@proliferate-infra/orchestrator/verify/aws-services";
import { pollServices } from "@proliferate-infra/orchestrator/verify/poll-services";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";

const CANARY = "canary-5f1e";
const cluster = "verified-apps";

describe("verification against emulated ECS", () => {
  let emulator: SharedEmulator;
  let ecs: ECSClient;
  let loadBalancers: ElasticLoadBalancingV2Client;
  before(async () => {
    emulator = await sharedTestEmulator();
    ecs = new ECSClient(emulator.clientOptions);
    loadBalancers = new ElasticLoadBalancingV2Client(emulator.clientOptions);
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  });
  after(() => {
    ecs.destroy();
    loadBalancers.destroy();
  });

  const registerTask = async (family: string) => {
    const environment = [{ name: "KEY", value: CANARY }];
    const containerDefinitions = [{ name: "app", image: "app:1", environment }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
  };
  /** A service of its own for one test: two tasks of the only revision, and a target group when it is named. */
  const createService = async (name: string, targetGroupArn?: string) => {
    await registerTask(name);
    const loadBalancer = { targetGroupArn, containerName: "app", containerPort: 8787 };
    await ecs.send(
      new CreateServiceCommand({
        cluster,
        serviceName: name,
        taskDefinition: name,
        desiredCount: 2,
        loadBalancers: targetGroupArn === undefined ? [] : [loadBalancer],
      }),
    );
  };
  const createTargetGroup = async (name: string) => {
    const request = { Name: name, Protocol: "HTTP", Port: 8787, VpcId: "vpc-1", TargetType: "ip" } as const;
    const { TargetGroups: groups = [] } = await loadBalancers.send(new CreateTargetGroupCommand(request));
    return groups[0]?.TargetGroupArn ?? "";
  };
  /** One look; what is waited for has failed. */
  const verify = (...services: string[]) =>
    pollServices(services, serviceReader({ ecs, loadBalancers }, cluster, {}), {
      withinMs: 0,
      everyMs: 1,
      clock: () => 0,
      sleep: () => Promise.reject(new Error("must not wait")),
      signal: new AbortController().signal,
      onWaiting: () => undefined,
    });

  it("finds services healthy, with their targets", async () => {
    await createService("plain");
    await createService("public", await createTargetGroup("public-tg"));
    expect(await verify("plain", "public")).to.deep.equal([]);
  });

  it("finds a task that is not a target", async () => {
    const targetGroupArn = await createTargetGroup("lost-tg");
    await createService("lost", targetGroupArn);
    const target = { TargetGroupArn: targetGroupArn };
    const { TargetHealthDescriptions: [first] = [] } = await loadBalancers.send(
      new DescribeTargetHealthCommand(target),
    );
    const lost = [{ Id: first?.Target?.Id }];
    await loadBalancers.send(new DeregisterTargetsCommand({ ...target, Targets: lost }));
    expect(await verify("lost")).to.deep.equal([
      "lost was not healthy within 0ms:\n  1 of 2 targets in lost-tg are healthy",
    ]);
  });

  it("finds that a service does not run the newest revision of its family", async () => {
    await createService("older");
    await registerTask("older");
    await registerTask("older-namesake");
    expect(await verify("older")).to.deep.equal([
      "older failed:\n  rolled back: it runs older:1, not older:2, which is the newest",
    ]);
  });

  it("reports too few tasks and why others stopped, and shows no variable", async () => {
    await createService("short");
    const { taskArns: [task] = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName: "short" }));
    await ecs.send(new StopTaskCommand({ cluster, task, reason: "Essential container in task exited" }));
    const failures = await verify("short");
    expect(failures).to.have.length(1);
    expect(failures[0]).to.match(
      /^short was not healthy within 0ms:\n(.*\n)* {2}1 of 2 tasks run\n {2}\S+ \S+ short:1 stopped: Essential container in task exited; container app: exit code 0$/,
    );
    expect(failures[0]).to.not.include(CANARY);
  });

  it("finds a missing service or cluster", async () => {
    expect(await verify("nobody")).to.deep.equal(["nobody failed:\n  ECS has no such service"]);
    const reader = serviceReader({ ecs, loadBalancers }, "nowhere", {});
    const error: unknown = await reader.services(["nobody"]).catch((reason: unknown) => reason);
    expect(String(error)).to.include("AwsCallFailed: ecs:DescribeServices: ClusterNotFoundException");
  });
});
