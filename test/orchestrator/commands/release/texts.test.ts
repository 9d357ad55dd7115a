import { expect } from "chai";
import { repositoryOf } from "@proliferate-infra/orchestrator/aws/repository";
import { changesText, failedText, releasedText } from "@proliferate-infra/orchestrator/commands/release/texts";

describe("the texts of a release", () => {
  it("list changed images, and services without an image", () => {
    const before = { gatewayImageTag: "v1", workerImageTag: "v1" };
    expect(changesText(before, { gatewayImageTag: "v2" }).split("\n")).to.deep.equal([
      "  gateway:   v1 -> v2",
      "  worker:    v1 -> no image, which is zero tasks",
    ]);
    expect(releasedText({}, before, "prod")).to.contain("scripts/release.sh --stack prod --rollback");
  });

  it("list after a failure what runs, and the commands to continue and to go back", () => {
    const gateway = { name: "p-gateway", image: "v1", taskDefinition: "p-gateway:7", running: 1, desired: 2 };
    const lines = failedText([gateway], "prod").split("\n");
    expect(lines).to.include("  p-gateway: v1 (p-gateway:7), 1 of 2 tasks");
    expect(lines).to.include("  scripts/deploy-all.sh --stack prod --only services");
    expect(lines).to.include("  scripts/release.sh --stack prod --rollback");
    expect(failedText([], "prod")).to.contain("No service runs.");
    expect(failedText("no answer", "prod")).to.contain("What runs now could not be read: no answer");
  });
});

describe("a repository's URL", () => {
  it("has account, region and name", () => {
    expect(repositoryOf("123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app-worker")).to.deep.equal({
      url: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app-worker",
      registry: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      registryId: "123456789012",
      region: "eu-central-1",
      repositoryName: "team/app-worker",
    });
    expect(() => repositoryOf("docker.io/library/redis")).to.throw("not the URL of an ECR repository");
  });
});
