/** Flow logs of the VPC to CloudWatch. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustPolicy } from "@proliferate-infra/shared/aws/iam";
import { accountOf, permissionsBoundary } from "@proliferate-infra/shared/program/aws-provider";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

const RETENTION_DAYS = 90;

/** Records accepted and rejected connections of the whole VPC. */
export function createFlowLogs({ settings, parent, name }: LayerScope<"network">, vpcId: pulumi.Input<string>): void {
  const group = new aws.cloudwatch.LogGroup(
    "flow-logs",
    {
      name: name("logGroup", "flow-logs"),
      retentionInDays: RETENTION_DAYS,
      ...(settings.kmsKeyArn !== undefined && { kmsKeyId: settings.kmsKeyArn }),
    },
    { parent },
  );
  const trust = accountOf(parent).apply(({ partition, accountId }) =>
    trustPolicy({
      service: "vpc-flow-logs.amazonaws.com",
      accountId,
      sourceArn: `arn:${partition}:ec2:${settings.region}:${accountId}:vpc-flow-log/*`,
    }),
  );
  // Auto-named, because role names are shared by all regions of an account.
  const role = new aws.iam.Role(
    name("role", "flow-logs"),
    {
      description: "Lets flow logs of the VPC write to their log group",
      assumeRolePolicy: trust.apply((document) => JSON.stringify(document)),
      ...permissionsBoundary(settings),
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    "flow-logs-policy",
    { role: role.id, policy: group.arn.apply((arn) => JSON.stringify(writePolicy(arn))) },
    { parent },
  );
  new aws.ec2.FlowLog(
    "flow-log",
    {
      vpcId,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: { Name: name("tag", "flow-log") },
    },
    { parent, dependsOn: [policy] },
  );
}

function writePolicy(logGroupArn: string) {
  return policyDocument({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
    Resource: [`${logGroupArn}:*`],
  });
}
