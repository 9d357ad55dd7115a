import { expect } from "chai";
import { ACCOUNT_ID, type Recording } from "@proliferate-infra/testing/recording-mocks";
import { dependenciesOf, idOf, recordNetwork } from "./recorded-network.ts";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

describe("endpoints of AWS services", () => {
  it("are only S3's by default, for every route table", async () => {
    const { recording } = await recordNetwork();
    expect(recording.all(ENDPOINT).map(({ name }) => name)).to.deep.equal(["s3-endpoint"]);
    expect(recording.only(ENDPOINT).inputs).to.deep.include({
      vpcId: idOf(recording, "vpc"),
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.us-east-1.s3",
      routeTableIds: ["public-route-table-id", "private-route-table-1-id", "private-route-table-2-id"],
    });
  });

  it("are in the layer's region", async () => {
    const { recording } = await recordNetwork({ "aws:region": "eu-west-1", enableInterfaceEndpoints: "true" });
    for (const { name, inputs } of recording.all(ENDPOINT)) {
      expect(inputs.serviceName, name).to.match(/^com\.amazonaws\.eu-west-1\./);
    }
  });

  it("are more with a setting, reachable by HTTPS from the VPC", async () => {
    const { recording } = await recordNetwork({ enableInterfaceEndpoints: "true", vpcCidr: "10.20.0.0/16" });
    const endpoints = recording.all(ENDPOINT).filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
    expect(endpoints.map(({ inputs }) => inputs.serviceName)).to.have.members([
      "com.amazonaws.us-east-1.ecr.api",
      "com.amazonaws.us-east-1.ecr.dkr",
      "com.amazonaws.us-east-1.logs",
      "com.amazonaws.us-east-1.secretsmanager",
    ]);
    for (const { name, inputs } of endpoints) {
      expect(inputs, name).to.deep.include({
        vpcId: idOf(recording, "vpc"),
        subnetIds: [idOf(recording, "private-subnet-1"), idOf(recording, "private-subnet-2")],
        securityGroupIds: [idOf(recording, "interface-endpoints")],
        privateDnsEnabled: true,
      });
    }
    expect(recording.only("aws:ec2/securityGroup:SecurityGroup", "interface-endpoints").inputs).to.deep.include({
      vpcId: idOf(recording, "vpc"),
      name: "proliferate-interface-endpoints",
      description: "Interface endpoints of AWS services",
    });
    const rules = recording.resources.filter(
      ({ inputs }) => inputs.securityGroupId === idOf(recording, "interface-endpoints"),
    );
    expect(rules.map(({ type, inputs }) => ({ type, ...inputs }))).to.deep.equal([
      {
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        securityGroupId: idOf(recording, "interface-endpoints"),
        description: "HTTPS from the VPC",
        cidrIpv4: "10.20.0.0/16",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
    ]);
  });
});

describe("flow logs", () => {
  let recording: Recording;
  before(async () => {
    ({ recording } = await recordNetwork({ enableFlowLogs: "true" }));
  });

  const logGroupArn = `arn:aws:cloudwatch:us-east-1:${ACCOUNT_ID}:flow-logs`;

  it("are off by default, with all that belongs to them", async () => {
    const { recording: off } = await recordNetwork();
    expect(off.resources.filter(({ type }) => /flowLog|logGroup|iam/i.test(type))).to.deep.equal([]);
  });

  it("record the whole VPC in a log group with retention", async () => {
    const { inputs: group } = recording.only("aws:cloudwatch/logGroup:LogGroup", "flow-logs");
    expect(group).to.deep.equal({ name: "proliferate-flow-logs", retentionInDays: 90 });
    expect(recording.only("aws:ec2/flowLog:FlowLog").inputs).to.deep.include({
      vpcId: idOf(recording, "vpc"),
      trafficType: "ALL",
      logDestination: logGroupArn,
      iamRoleArn: `arn:aws:iam:us-east-1:${ACCOUNT_ID}:proliferate-flow-logs`,
    });
    expect(await dependenciesOf(recording, "flow-log")).to.deep.equal(["flow-logs-policy"]);
  });

  it("have a role that only this account's flow logs may use", () => {
    const { name, inputs } = recording.only("aws:iam/role:Role");
    // Auto-named: the name of a role is taken in all regions of an account.
    expect(name).to.equal("proliferate-flow-logs");
    expect(inputs).not.to.have.property("name");
    expect(JSON.parse(inputs.assumeRolePolicy as string)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: {
            StringEquals: { "aws:SourceAccount": ACCOUNT_ID },
            ArnLike: { "aws:SourceArn": `arn:aws:ec2:us-east-1:${ACCOUNT_ID}:vpc-flow-log/*` },
          },
        },
      ],
    });
  });

  it("may write to their own log group only", () => {
    const { inputs } = recording.only("aws:iam/rolePolicy:RolePolicy");
    expect(inputs.role).to.equal(idOf(recording, "proliferate-flow-logs"));
    expect(JSON.parse(inputs.policy as string)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [`${logGroupArn}:*`],
        },
      ],
    });
  });
});
