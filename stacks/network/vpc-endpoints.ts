/** Private ways to AWS services. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

/** Services whose interface endpoints tasks use: images, logs and secrets. */
const INTERFACE_SERVICES = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"] as const;

/** S3 without the NAT gateway: free, and image layers come from there. Without route tables it would have no effect. */
export function createS3Endpoint(
  { settings, parent, name }: LayerScope<"network">,
  vpcId: aws.ec2.Vpc["id"],
  routeTables: readonly aws.ec2.RouteTable[],
): void {
  new aws.ec2.VpcEndpoint(
    "s3-endpoint",
    {
      vpcId,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${settings.region}.s3`,
      routeTableIds: routeTables.map(({ id }) => id),
      tags: { Name: name("tag", "s3") },
    },
    { parent },
  );
}

/** Interface endpoints in the private subnets, reached by HTTPS from inside the VPC only. */
export function createInterfaceEndpoints(
  { settings, parent, name }: LayerScope<"network">,
  vpc: aws.ec2.Vpc,
  subnets: readonly aws.ec2.Subnet[],
): void {
  const group = new aws.ec2.SecurityGroup(
    "interface-endpoints",
    {
      vpcId: vpc.id,
      name: name("securityGroup", "interface-endpoints"),
      description: "Interface endpoints of AWS services",
      tags: { Name: name("tag", "interface-endpoints") },
    },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    "interface-endpoints-from-vpc",
    {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      cidrIpv4: settings.vpcCidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    { parent },
  );
  for (const service of INTERFACE_SERVICES) {
    const part = service.replace(".", "-");
    new aws.ec2.VpcEndpoint(
      `${part}-endpoint`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Interface",
        serviceName: `com.amazonaws.${settings.region}.${service}`,
        subnetIds: subnets.map(({ id }) => id),
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        tags: { Name: name("tag", part) },
      },
      { parent },
    );
  }
}
