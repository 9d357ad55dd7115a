/** The VPC and what every VPC brings along. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

/** Creates the VPC and empties its default security group, so that nothing works by forgetting to name a group. */
export function createVpc({ settings, parent, name }: LayerScope<"network">): aws.ec2.Vpc {
  const vpc = new aws.ec2.Vpc(
    "vpc",
    {
      cidrBlock: settings.vpcCidr,
      // Interface endpoints and RDS are found by name.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name("tag") },
    },
    { parent, protect: settings.protectResources },
  );
  new aws.ec2.DefaultSecurityGroup(
    "default-security-group",
    { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: name("tag", "default", "unused") } },
    { parent },
  );
  return vpc;
}
