import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { digestOf, newestTags, registryLogin, tagImage } from "@proliferate-infra/orchestrator/aws/ecr";
import { repositoryOf } from "@proliferate-infra/orchestrator/aws/repository";
import { sharedTestEmulator } from "@proliferate-infra/testing/emulator";
import { withVariables } from "@proliferate-infra/testing/process-variables";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

describe("calls to ECR", () => {
  const repository = repositoryOf("123456789012.dkr.ecr.us-east-1.amazonaws.com/app");
  let restore: () => void;
  before(() => {
    // Nothing listens on port 1.
    const endpoint = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1" };
    restore = withVariables({ ...endpoint, AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" });
  });
  after(() => {
    restore();
  });

  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["ecr:DescribeImages", () => digestOf(repository, "v1")],
    ["ecr:DescribeImages", () => newestTags(repository)],
    ["ecr:DescribeImages", () => tagImage(repository, `sha256:${"0".repeat(64)}`, "deployed")],
    ["ecr:GetAuthorizationToken", () => registryLogin("us-east-1")],
  ];
  for (const [permission, call] of calls) {
    it(`that fail are an error for people with the call's name, ${permission}`, async () => {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(String(error)).to.include(permission);
    });
  }
});

describe("the tag of an image that is deployed by digest", () => {
  let restore: () => void;
  let ecr: ECRClient;
  before(async () => {
    const emulator = await sharedTestEmulator();
    restore = withVariables(emulator.env);
    ecr = new ECRClient(emulator.clientOptions);
  });
  after(() => {
    restore();
    ecr.destroy();
  });

  it("is added once beside the others, and not to an image that is not there", async () => {
    const repositoryName = "tagged-by-digest";
    const { repository: created } = await ecr.send(
      new CreateRepositoryCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }),
    );
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, layers: [] });
    const pushed = new PutImageCommand({
      repositoryName,
      imageTag: "v1",
      imageManifest,
      imageManifestMediaType: MANIFEST,
    });
    const digest = (await ecr.send(pushed)).image?.imageId?.imageDigest ?? "";
    const account = created?.registryId ?? "";
    const repository = repositoryOf(`${account}.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}`);
    await tagImage(repository, digest, "deployed-1");
    await tagImage(repository, digest, "deployed-1");
    await tagImage(repository, `sha256:${"0".repeat(64)}`, "deployed-2");
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails.map(({ imageTags = [] }) => imageTags.toSorted())).to.deep.equal([["deployed-1", "v1"]]);
  });
});
