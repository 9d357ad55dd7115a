import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { runningServices } from "@proliferate-infra/orchestrator/aws/running-images";
import { sharedTestEmulator } from "@proliferate-infra/testing/emulator";
import { withVariables } from "@proliferate-infra/testing/process-variables";

describe("running services", () => {
  let ecs: ECSClient;
  let restore: () => void;
  before(async () => {
    const emulator = await sharedTestEmulator();
    ecs = new ECSClient(emulator.clientOptions);
    restore = withVariables(emulator.env);
  });
  after(() => {
    restore();
    ecs.destroy();
  });

  /** A service with a sidecar, which the sorted container definitions have first. */
  const createService = async (cluster: string, family: string, image: string, desiredCount: number) => {
    const containerDefinitions = [
      { name: "agent", image: "agent:1" },
      { name: "worker", image },
    ];
    await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    const service = { cluster, serviceName: family, taskDefinition: family, desiredCount };
    await ecs.send(new CreateServiceCommand(service));
  };

  it("have tag or digest, revision and tasks, by name, without those at zero tasks", async () => {
    const cluster = "running-apps";
    const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app";
    const digest = `sha256:${"0a".repeat(32)}`;
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    await createService(cluster, "running-worker", `${repository}@${digest}`, 2);
    await createService(cluster, "running-gateway", `${repository}:v7`, 1);
    await createService(cluster, "running-gateway-idle", `${repository}:v7`, 0);
    const tasks = (count: number) => ({ running: count, desired: count });
    expect(await runningServices(cluster, "us-east-1")).to.deep.equal([
      { name: "running-gateway", image: "v7", taskDefinition: "running-gateway:1", ...tasks(1) },
      { name: "running-worker", image: digest, taskDefinition: "running-worker:1", ...tasks(2) },
    ]);
  });

  it("are none in an empty cluster", async () => {
    await ecs.send(new CreateClusterCommand({ clusterName: "empty-apps" }));
    expect(await runningServices("empty-apps", undefined)).to.deep.equal([]);
  });
});
