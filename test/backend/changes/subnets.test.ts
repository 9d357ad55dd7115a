import { expect } from "chai";
import { subnetFaults } from "@proliferate-infra/backend/changes/subnets";
import { deployed, statesOf } from "./deployed.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const network = [
  deployed("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }),
  deployed(SUBNET, "public-subnet-1", { availabilityZone: "us-east-1a", cidrBlock: "10.0.101.0/24" }),
  deployed(SUBNET, "public-subnet-2", { availabilityZone: "us-east-1b", cidrBlock: "10.0.102.0/24" }),
  deployed(SUBNET, "private-subnet-1", { availabilityZone: "us-east-1a", cidrBlock: "10.0.1.0/24" }),
  deployed(SUBNET, "private-subnet-2", { availabilityZone: "us-east-1b", cidrBlock: "10.0.2.0/24" }),
];
const data = [deployed("aws:rds/instance:Instance", "postgres", {})];
const endpoint = deployed("aws:ec2/vpcEndpoint:VpcEndpoint", "logs", { vpcEndpointType: "Interface" });
const settings = {
  stack: "prod",
  vpcCidr: "10.0.0.0/16",
  availabilityZones: undefined,
  publicSubnetCidrs: ["10.0.101.0/24", "10.0.102.0/24"],
  privateSubnetCidrs: ["10.0.1.0/24", "10.0.2.0/24"],
};
const others = { ...settings, availabilityZones: ["us-east-1a", "us-east-1c"] };

describe("a change of subnets", () => {
  it("is none when zones and ranges are those that are deployed", () => {
    const states = statesOf({ network, data });
    expect(subnetFaults(states, settings)).to.deep.equal([]);
    const named = { ...settings, availabilityZones: ["us-east-1a", "us-east-1b"] };
    expect(subnetFaults(states, named)).to.deep.equal([]);
    expect(subnetFaults(statesOf({}), others)).to.deep.equal([]);
  });

  it("is allowed while nothing is in them, such as after a first deployment that failed in a zone", () => {
    expect(subnetFaults(statesOf({ network }), others)).to.deep.equal([]);
  });

  for (const [key, change] of [
    ["availabilityZones", others],
    ["publicSubnetCidrs", { ...settings, publicSubnetCidrs: ["10.0.201.0/24", "10.0.102.0/24"] }],
    ["privateSubnetCidrs", { ...settings, privateSubnetCidrs: ["10.0.1.0/24", "10.0.3.0/24"] }],
    ["vpcCidr", { ...settings, vpcCidr: "10.1.0.0/16" }],
  ] as const) {
    it(`is refused by ${key} while layers use them`, () => {
      const faults = subnetFaults(statesOf({ network, data, services: data }), change);
      expect(faults.map(({ message }) => message.split(" ")[0])).to.deep.equal([key]);
      expect(faults[0]?.message).to.contain("data and services");
    });
  }

  it("is refused while interface endpoints are in them, with the command that deletes those", () => {
    const [fault] = subnetFaults(statesOf({ network: [...network, endpoint] }), others);
    expect(fault?.fix).to.contain("enableInterfaceEndpoints=false").and.to.contain("up --only network");
  });
});
