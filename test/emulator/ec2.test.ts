import {
  AllocateAddressCommand,
  AuthorizeSecurityGroupEgressCommand,
  CreateNatGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { sharedTestEmulator, startTestEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

describe("EC2 in the emulator", () => {
  let ec2: EC2Client;
  let elsewhere: EC2Client;
  before(async () => {
    const { clientOptions } = await sharedTestEmulator();
    ec2 = new EC2Client(clientOptions);
    elsewhere = new EC2Client({ ...clientOptions, region: "ap-northeast-1" });
  });
  after(() => {
    ec2.destroy();
    elsewhere.destroy();
  });

  const createVpc = async (client = ec2) => {
    const { Vpc: vpc } = await client.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }));
    return vpc?.VpcId;
  };
  const createSubnet = (VpcId: string | undefined, CidrBlock: string, client = ec2) =>
    client.send(new CreateSubnetCommand({ VpcId, CidrBlock }));

  it("refuses a subnet that overlaps with another one of its VPC (subnet-overlaps)", async () => {
    const vpc = await createVpc();
    await createSubnet(vpc, "10.7.0.0/20");
    expect(await refusalOf(createSubnet(vpc, "10.7.1.0/24"))).to.equal("InvalidSubnet.Conflict");
    await createSubnet(vpc, "10.7.16.0/20");
    await createSubnet(await createVpc(), "10.7.0.0/20");
  });

  it("has five addresses in a region (address-quota)", async () => {
    const allocate = () => elsewhere.send(new AllocateAddressCommand({ Domain: "vpc" }));
    for (let count = 0; count < 5; count += 1) {
      await allocate();
    }
    expect(await refusalOf(allocate())).to.equal("AddressLimitExceeded");
  });

  it("refuses a NAT gateway in a zone that has none (nat-gateway-zones)", async () => {
    const vpc = await createVpc(elsewhere);
    const createIn = async (AvailabilityZoneId: string, CidrBlock: string) => {
      const subnet = { VpcId: vpc, CidrBlock, AvailabilityZoneId };
      const { Subnet: created } = await elsewhere.send(new CreateSubnetCommand(subnet));
      await elsewhere.send(new CreateNatGatewayCommand({ SubnetId: created?.SubnetId }));
    };
    expect(await refusalOf(createIn("apne1-az3", "10.7.0.0/20"))).to.equal("NotAvailableInZone");
    await createIn("apne1-az1", "10.7.16.0/20");
  });

  it("has rules of security groups once (security-group-rule-exists, security-group-all-ports)", async () => {
    const group = { GroupName: "rules", Description: "test", VpcId: await createVpc() };
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
    const everything = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "To anywhere" }] };
    const authorize = () => ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [everything] }));
    expect(await refusalOf(authorize())).to.equal("InvalidPermission.Duplicate");
    const withPorts = [{ ...everything, FromPort: 0, ToPort: 0 }];
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: withPorts }));
    await authorize();
    const { SecurityGroups: found = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ""] }),
    );
    expect(found[0]?.IpPermissionsEgress?.[0]?.IpRanges).to.deep.equal(everything.IpRanges);
  });

  it("accepts an overlapping subnet when EMULATED_RULES turns the rule off", async () => {
    const emulator = await startTestEmulator("-subnet-overlaps");
    const client = new EC2Client(emulator.clientOptions);
    try {
      const vpc = await createVpc(client);
      await createSubnet(vpc, "10.7.0.0/20", client);
      await createSubnet(vpc, "10.7.0.0/20", client);
    } finally {
      client.destroy();
      await emulator.stop();
    }
  });
});
