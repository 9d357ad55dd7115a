import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";

describe("ECS in the emulator", () => {
  let emulator: SharedEmulator;
  let ecs: ECSClient;
  before(async () => {
    emulator = await sharedTestEmulator();
    ecs = new ECSClient(emulator.clientOptions);
  });
  after(() => {
    ecs.destroy();
  });

  const registerTask = async () => {
    const containerDefinitions = [{ name: "app", image: "app:1" }];
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: "app", containerDefinitions }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  };
  const deploymentsAfter = async (after: Date) => {
    const request = { cluster: "additions", service: "app", createdAt: { after } };
    const { serviceDeployments = [] } = await ecs.send(new ListServiceDeploymentsCommand(request));
    return serviceDeployments;
  };
  /** What the AWS provider does after CreateService and UpdateService with waitForSteadyState. */
  const expectFoundAndDone = async (since: Date) => {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: "additions", services: ["app"] }));
    const primary = services[0]?.deployments?.find(({ status }) => status === "PRIMARY");
    expect(primary?.createdAt?.getTime()).to.be.greaterThanOrEqual(since.getTime());
    const identifier = primary?.id?.split("/")[1] ?? "none";
    const found = (await deploymentsAfter(since)).find(({ targetServiceRevisionArn: arn }) =>
      arn?.includes(identifier),
    );
    const serviceDeploymentArns = [found?.serviceDeploymentArn ?? ""];
    const { serviceDeployments: described = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
    );
    expect(described.map(({ status }) => status)).to.deep.equal(["SUCCESSFUL"]);
  };

  it("lists the deployment of a service from the time of the call that started it", async () => {
    await ecs.send(new CreateClusterCommand({ clusterName: "additions" }));
    const service = { cluster: "additions", desiredCount: 1 };
    const beforeCreation = new Date(Date.now() - 1);
    await ecs.send(new CreateServiceCommand({ ...service, serviceName: "app", taskDefinition: await registerTask() }));
    await expectFoundAndDone(beforeCreation);

    const beforeUpdate = new Date(Date.now() - 1);
    await ecs.send(new UpdateServiceCommand({ ...service, service: "app", taskDefinition: await registerTask() }));
    await expectFoundAndDone(beforeUpdate);
    expect(await deploymentsAfter(new Date(Date.now() + 1000))).to.deep.equal([]);
  });
});
