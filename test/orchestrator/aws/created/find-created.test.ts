import { expect } from "chai";
import { findCreated, findableTypes } from "@proliferate-infra/orchestrator/aws/created/find-created";
import { layerSources, readAwsUses } from "../../../tools/support/aws-uses.ts";

describe("finding what a cut-off creation has made", () => {
  const options = { region: "us-east-1", signal: new AbortController().signal };
  const creation = { urn: "urn:x", inputs: {}, defaultTags: {}, knownIds: new Set<string>() };
  const failure = (type: string) =>
    findCreated({ ...creation, type }, options).then(
      () => "",
      (error: unknown) => String(error),
    );

  it("is possible for every type that the layers use", () => {
    const used = [...readAwsUses(layerSources()).resources].filter((name) => !name.startsWith("index/"));
    const types = used.map((name) => {
      const [module = "", type = ""] = name.split("/");
      return `aws:${module}/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
    });
    expect(types).to.include("aws:rds/instance:Instance");
    expect(types.filter((type) => !findableTypes.includes(type))).to.deep.equal([]);
    expect(findableTypes.filter((type) => !types.includes(type))).to.deep.equal([]);
  });

  it("is refused for a type that is not known, and without the inputs that it needs", async () => {
    expect(await failure("aws:sqs/queue:Queue")).to.contain("aws:sqs/queue:Queue");
    expect(await failure("aws:s3/bucket:Bucket")).to.contain("bucket");
  });
});
