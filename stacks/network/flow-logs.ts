/** Flow logs of the VPC to CloudWatch. */
import * as aws from "@pulumi/aws";
import type { NetworkScope } from "./network-layer.ts";

const RETENTION_DAYS = 90;

/** Records accepted and rejected connections of the whole VPC. */
export async function createFlowLogs(
  { settings, parent, name }: NetworkScope,
  vpcId: aws.ec2.Vpc["id"],
): Promise<void> {
  const [{ accountId }, { partition }] = await Promise.all([
    aws.getCallerIdentity({}, { parent }),
    aws.getPartition({}, { parent }),
  ]);
  const group = new aws.cloudwatch.LogGroup(
    "flow-logs",
    { name: name("logGroup", "flow-logs"), retentionInDays: RETENTION_DAYS },
    { parent },
  );
  const role = new aws.iam.Role(
    "flow-logs-role",
    {
      name: name("role", "flow-logs"),
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            // Only this account's flow logs may use the role (AWS: confused deputy prevention).
            Condition: {
              StringEquals: { "aws:SourceAccount": accountId },
              ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${settings.region}:${accountId}:vpc-flow-log/*` },
            },
          },
        ],
      }),
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    "flow-logs-policy",
    {
      role: role.id,
      policy: group.arn.apply((arn) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              Resource: `${arn}:*`,
            },
          ],
        }),
      ),
    },
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
