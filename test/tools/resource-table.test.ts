import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { layerSources, readAwsUses } from "./support/aws-uses.ts";
import { temporaryFolder } from "./support/set-up-context.ts";

interface ResourceTable {
  readonly resources: Readonly<Record<string, string>>;
  readonly invokes: Readonly<Record<string, string>>;
}

const tableFile = new URL("../../tools/go/aws-provider/resource-table.json", import.meta.url);
const table = JSON.parse(readFileSync(tableFile, "utf8")) as ResourceTable;

describe("the built AWS provider's resource table", () => {
  const uses = readAwsUses(layerSources());

  it("has every resource and every function that the layers use", () => {
    const missing = (used: ReadonlySet<string>, known: Readonly<Record<string, string>>) =>
      [...used].filter((name) => !Object.values(known).includes(name));
    expect(missing(uses.resources, table.resources), "add them to resource-table.json").to.deep.equal([]);
    expect(missing(uses.invokes, table.invokes), "add them to resource-table.json").to.deep.equal([]);
  });

  it("is compared with layers that use AWS", () => {
    expect([...uses.resources]).to.include.members(["ec2/Vpc", "elasticache/ReplicationGroup", "ecs/Service"]);
    expect([...uses.invokes]).to.include("index/getCallerIdentity");
  });

  it("cannot be bypassed by other imports or providers", () => {
    expect(uses.unexpectedImports).to.deep.equal([]);
  });

  it("names each type once, in the order of the alphabet", () => {
    for (const entries of [table.resources, table.invokes]) {
      const names = Object.keys(entries);
      expect(names).to.deep.equal([...names].sort());
      expect(new Set(Object.values(entries)).size).to.equal(names.length);
    }
  });
});

describe("reading what a program uses of AWS", () => {
  it("finds resources, functions, resources that are read, and properties; not types and comments", () => {
    const folder = temporaryFolder();
    const file = join(folder.path, "program.ts");
    writeFileSync(
      file,
      `import * as aws from "@pulumi/aws";
       import { Bucket } from "@pulumi/aws/s3";
       import * as random from "@pulumi/random";
       // new aws.sqs.Queue("comment")
       const provider = new aws.Provider("aws", {});
       const topic: aws.sns.Topic = new aws.sns.Topic("t", { displayName: "d", "policy": "p" });
       const zones = aws.getAvailabilityZonesOutput({ state: "available" });
       const role = aws.iam.getRole({ name: "r" }), key = aws.kms.Key.get("k", "id").arn;`,
    );
    const uses = readAwsUses([file]);
    folder.remove();
    expect([...uses.resources]).to.have.members(["sns/Topic", "kms/Key"]);
    expect([...uses.invokes]).to.have.members(["index/getAvailabilityZones", "iam/getRole"]);
    expect([...uses.propertyNames]).to.include.members(["displayName", "policy", "state", "arn"]);
    expect(uses.unexpectedImports).to.have.length(2);
  });
});
