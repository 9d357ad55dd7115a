import { expect } from "chai";
import { networkContract } from "@proliferate-infra/shared/contracts/network-outputs";
import { valueOf, type Recording } from "@proliferate-infra/testing/recording-mocks";
import { everythingOn, idOf, recordNetwork } from "./recorded-network.ts";

const EXPLICIT_PROVIDER = /pulumi:providers:aws::aws::/;

describe("network layer", () => {
  let recording: Recording;
  let outputs: Awaited<ReturnType<typeof recordNetwork>>["result"];
  before(async () => {
    ({ recording, result: outputs } = await recordNetwork());
  });

  it("has one VPC with DNS, and an empty default security group", () => {
    expect(recording.only("proliferate:network:NetworkLayer").name).to.equal("network");
    expect(recording.only("aws:ec2/vpc:Vpc").inputs).to.deep.include({
      cidrBlock: "10.0.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: "proliferate" },
    });
    expect(recording.only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs).to.deep.include({
      vpcId: idOf(recording, "vpc"),
      ingress: [],
      egress: [],
    });
  });

  it("exports the contract's outputs", async () => {
    const values = await valueOf(outputs);
    expect(networkContract.schema({ region: "us-east-1" }).strict().safeParse(values).error).to.equal(undefined);
    expect(values).to.deep.equal({
      vpcId: idOf(recording, "vpc"),
      vpcCidr: "10.0.0.0/16",
      availabilityZones: ["us-east-1a", "us-east-1b"],
      publicSubnetIds: [idOf(recording, "public-subnet-1"), idOf(recording, "public-subnet-2")],
      privateSubnetIds: [idOf(recording, "private-subnet-1"), idOf(recording, "private-subnet-2")],
      gatewayAlbSecurityGroupId: idOf(recording, "gateway-alb"),
      gatewayTaskSecurityGroupId: idOf(recording, "gateway-task"),
      llmProxyAlbSecurityGroupId: idOf(recording, "llm-proxy-alb"),
      llmProxyTaskSecurityGroupId: idOf(recording, "llm-proxy-task"),
      workerTaskSecurityGroupId: idOf(recording, "worker-task"),
      redisSecurityGroupId: idOf(recording, "redis"),
      databaseSecurityGroupId: idOf(recording, "database"),
    });
  });

  it("exports nothing of the proxy when it is off", async () => {
    const { result } = await recordNetwork({ enableLlmProxy: "false" });
    expect(Object.keys(result).filter((key) => key.startsWith("llmProxy"))).to.deep.equal([]);
    const { error } = networkContract.schema({ region: "us-east-1" }).safeParse(await valueOf(result));
    expect(error).to.equal(undefined);
  });

  it("starts every name with the environment's prefix", async () => {
    const { recording: staging } = await recordNetwork({ ...everythingOn, resourcePrefix: "proliferate-staging" });
    const named = staging.resources.filter(({ type, inputs }) => type.startsWith("aws:") && "name" in inputs);
    const tagged = staging.resources.filter(({ inputs }) => "tags" in inputs);
    // Eight security groups and a log group; those groups, the default one and all parts of the VPC that have tags.
    expect([named.length, tagged.length]).to.deep.equal([9, 28]);
    for (const { name, inputs } of named) {
      expect(inputs.name, name).to.match(/^proliferate-staging-/);
    }
    for (const { name, inputs } of tagged) {
      expect((inputs.tags as { Name: string }).Name, name).to.match(/^proliferate-staging(-|$)/);
    }
    expect(staging.only("aws:iam/role:Role").name).to.match(/^proliferate-staging-/);
  });

  it("gives every resource and data source the explicit provider", async () => {
    const { recording: everything } = await recordNetwork(everythingOn);
    const resources = everything.resources.filter(({ type }) => type.startsWith("aws:"));
    expect(resources).to.have.length.greaterThan(50);
    for (const { name, type, provider } of resources) {
      expect(provider, `${type} ${name}`).to.match(EXPLICIT_PROVIDER);
    }
    expect(everything.invokes).to.have.length(3);
    for (const { token, provider } of everything.invokes) {
      expect(provider, token).to.match(EXPLICIT_PROVIDER);
    }
  });

  it("protects VPC and security groups, except where the setting is off", async () => {
    const isProtected = (from: Recording) =>
      [...from.options].filter(([, { protect }]) => protect === true).map(([name]) => name);
    expect(isProtected(recording)).to.have.members([
      "vpc",
      ...recording.all("aws:ec2/securityGroup:SecurityGroup").map(({ name }) => name),
    ]);
    expect(isProtected((await recordNetwork({}, "dev-ann")).recording)).to.deep.equal([]);
    expect(isProtected((await recordNetwork({ protectResources: "false" })).recording)).to.deep.equal([]);
  });
});
