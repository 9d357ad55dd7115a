/** ECS and ECR: where tasks run, and images that exist. */
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateRepositoryCommand,
  ECRClient,
  GetLifecyclePolicyPreviewCommand,
  PutImageCommand,
  StartLifecyclePolicyPreviewCommand,
} from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

describe("services in the emulator", () => {
  let emulator: SharedEmulator;
  before(async () => {
    emulator = await sharedTestEmulator();
  });

  it("do not run in a zone without Fargate (fargate-zones)", async () => {
    const options = { ...emulator.clientOptions, region: "us-west-1" };
    const ec2 = new EC2Client(options);
    const ecs = new ECSClient(options);
    const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.6.0.0/16" }));
    const subnetIn = async (AvailabilityZoneId: string, CidrBlock: string) => {
      const subnet = { VpcId: vpc?.VpcId, AvailabilityZoneId, CidrBlock };
      const { Subnet: created } = await ec2.send(new CreateSubnetCommand(subnet));
      return created?.SubnetId ?? "";
    };
    await ecs.send(new CreateClusterCommand({ clusterName: "zones" }));
    const containerDefinitions = [{ name: "app", image: "app:1" }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "zones", containerDefinitions }));
    const create = (serviceName: string, ...subnets: string[]) => {
      const service = { cluster: "zones", serviceName, taskDefinition: "zones", desiredCount: 0 };
      return ecs.send(
        new CreateServiceCommand({ ...service, networkConfiguration: { awsvpcConfiguration: { subnets } } }),
      );
    };
    const [first, without] = [await subnetIn("usw1-az1", "10.6.0.0/20"), await subnetIn("usw1-az2", "10.6.16.0/20")];
    expect(await refusalOf(create("refused", first, without))).to.equal("InvalidParameterException");
    await create("accepted", first, await subnetIn("usw1-az3", "10.6.32.0/20"));
    ec2.destroy();
    ecs.destroy();
  });

  it("have images whose immutable tags are pushed once, as the emulator itself demands", async () => {
    const ecr = new ECRClient(emulator.clientOptions);
    const repositoryName = "immutable";
    await ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
    const push = (imageManifest: string, imageTag: string) =>
      ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }));
    await push('{"a":1}', "v1");
    expect(await refusalOf(push('{"a":2}', "v1"))).to.equal("ImageTagAlreadyExistsException");
    await push('{"a":2}', "v2");
    ecr.destroy();
  });

  it("have images, and previews of those that a lifecycle policy removes (lifecycle-policy-preview)", async () => {
    const ecr = new ECRClient(emulator.clientOptions);
    const repositoryName = "preview";
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    for (const imageTag of ["keep-1", "v1", "v2", "v3", undefined]) {
      const imageManifest = JSON.stringify({ imageTag });
      await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }));
    }
    const rule = (rulePriority: number, selection: object) => {
      const count = { countType: "imageCountMoreThan", countNumber: 1 };
      return { rulePriority, selection: { ...count, ...selection }, action: { type: "expire" } };
    };
    const rules = [
      rule(1, { tagStatus: "tagged", tagPrefixList: ["keep-"], countNumber: 10 }),
      rule(2, { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 }),
      rule(3, { tagStatus: "any" }),
    ];
    const preview = () => ecr.send(new GetLifecyclePolicyPreviewCommand({ repositoryName }));
    expect(await refusalOf(preview())).to.equal("LifecyclePolicyPreviewNotFoundException");
    const lifecyclePolicyText = JSON.stringify({ rules });
    await ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }));
    const { previewResults = [], status } = await preview();
    expect(status).to.equal("COMPLETE");
    expect(
      previewResults.map(({ imageTags, appliedRulePriority }) => [imageTags?.[0], appliedRulePriority]),
    ).to.deep.equal([
      ["v3", 3],
      ["v2", 3],
      ["v1", 3],
    ]);
    ecr.destroy();
  });
});
