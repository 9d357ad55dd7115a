/** Flow logs of the VPC to CloudWatch. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
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
  const owner = {
    partition: aws.getPartitionOutput({}, { parent }).partition,
    region: settings.region,
    accountId: aws.getCallerIdentityOutput({}, { parent }).accountId,
  };
  // Auto-named, because role names are shared by all regions of an account.
  const role = new aws.iam.Role(
    name("role", "flow-logs"),
    {
      description: "Lets flow logs of the VPC write to their log group",
      assumeRolePolicy: pulumi.output(owner).apply((resolved) => JSON.stringify(trustPolicy(resolved))),
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

/** Only this account's flow logs may use the role (AWS: confused deputy prevention). */
function trustPolicy({ partition, region, accountId }: { partition: string; region: string; accountId: string }) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:${accountId}:vpc-flow-log/*` },
        },
      },
    ],
  };
}

function writePolicy(logGroupArn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: `${logGroupArn}:*`,
      },
    ],
  };
}
