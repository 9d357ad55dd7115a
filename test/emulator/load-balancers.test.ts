import { ACMClient, DescribeCertificateCommand, RequestCertificateCommand } from "@aws-sdk/client-acm";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

describe("load balancers in the emulator", () => {
  let emulator: SharedEmulator;
  let ec2: EC2Client;
  let elb: ElasticLoadBalancingV2Client;
  /** Subnets by the letter of their zone. */
  let subnets: Readonly<Record<"a" | "b" | "secondA", string>>;
  before(async () => {
    emulator = await sharedTestEmulator();
    const { clientOptions } = emulator;
    ec2 = new EC2Client(clientOptions);
    elb = new ElasticLoadBalancingV2Client(clientOptions);
    const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.8.0.0/16" }));
    const create = async (letter: string, CidrBlock: string) => {
      const subnet = { VpcId: vpc?.VpcId, CidrBlock, AvailabilityZone: `${clientOptions.region}${letter}` };
      const { Subnet: created } = await ec2.send(new CreateSubnetCommand(subnet));
      return created?.SubnetId ?? "";
    };
    subnets = {
      a: await create("a", "10.8.0.0/20"),
      b: await create("b", "10.8.16.0/20"),
      secondA: await create("a", "10.8.32.0/20"),
    };
  });
  after(() => {
    ec2.destroy();
    elb.destroy();
  });

  const create = async (Name: string, Subnets = [subnets.a, subnets.b]) => {
    const { LoadBalancers: created = [] } = await elb.send(new CreateLoadBalancerCommand({ Name, Subnets }));
    return created[0]?.LoadBalancerArn;
  };

  it("refuses names that are too long or begin with internal- (load-balancer-name)", async () => {
    expect(await refusalOf(create("internal-tools"))).to.match(/^ValidationError/);
    expect(await refusalOf(create("a".repeat(33)))).to.match(/^ValidationError/);
    const group = elb.send(new CreateTargetGroupCommand({ Name: "a".repeat(33), Protocol: "HTTP", Port: 80 }));
    expect(await refusalOf(group)).to.match(/^ValidationError/);
    await create("internals");
  });

  it("needs subnets in two zones, one in each (load-balancer-two-zones, load-balancer-subnet-zones)", async () => {
    expect(await refusalOf(create("one-zone", [subnets.a]))).to.match(/^ValidationError/);
    const inTwo = [subnets.a, subnets.b, subnets.secondA];
    expect(await refusalOf(create("twice-in-a", inTwo))).to.match(/^InvalidConfigurationRequest/);
  });

  it("shows each subnet in its zone (load-balancer-shows-zones)", async () => {
    const LoadBalancerArns = [(await create("zones")) ?? ""];
    const { LoadBalancers: found = [] } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns }));
    const zones = found[0]?.AvailabilityZones?.map(({ SubnetId, ZoneName }) => [SubnetId, ZoneName]);
    expect(zones).to.have.deep.members([
      [subnets.a, "us-east-1a"],
      [subnets.b, "us-east-1b"],
    ]);
  });

  it("deletes no load balancer with deletion protection (load-balancer-protected)", async () => {
    const LoadBalancerArn = await create("protected");
    const protect = (Value: string) =>
      elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: "deletion_protection.enabled", Value }],
        }),
      );
    const remove = () => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await protect("true");
    expect(await refusalOf(remove())).to.match(/^OperationNotPermitted/);
    await protect("false");
    await remove();
  });

  it("takes a certificate when it is issued (listener-certificate-issued, certificate-waits-for-records)", async () => {
    const acm = new ACMClient(emulator.clientOptions);
    const route53 = new Route53Client(emulator.clientOptions);
    const { CertificateArn } = await acm.send(
      new RequestCertificateCommand({ DomainName: "app.example.net", ValidationMethod: "DNS" }),
    );
    const certificate = async () => {
      const { Certificate: found } = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
      return found;
    };
    const LoadBalancerArn = await create("certificate");
    const createListener = () =>
      elb.send(
        new CreateListenerCommand({
          ...{ LoadBalancerArn, Protocol: "HTTPS", Port: 443, Certificates: [{ CertificateArn }] },
          DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
        }),
      );
    expect((await certificate())?.Status).to.equal("PENDING_VALIDATION");
    expect(await refusalOf(createListener())).to.match(/^UnsupportedCertificate/);

    const { HostedZone: zone } = await route53.send(
      new CreateHostedZoneCommand({ Name: "example.net", CallerReference: "certificate" }),
    );
    const proof = (await certificate())?.DomainValidationOptions?.[0]?.ResourceRecord;
    const createRecord = () => {
      const record = { Name: proof?.Name, Type: "CNAME" as const, TTL: 60, ResourceRecords: [{ Value: proof?.Value }] };
      const Changes = [{ Action: "CREATE" as const, ResourceRecordSet: record }];
      return route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone?.Id, ChangeBatch: { Changes } }));
    };
    await createRecord();
    expect((await certificate())?.Status).to.equal("ISSUED");
    await createListener();
    expect(await refusalOf(createRecord()), "the emulator's own rule").to.match(/^InvalidChangeBatch/);
    acm.destroy();
    route53.destroy();
  });
});
