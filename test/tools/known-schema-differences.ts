/**
 * Properties that the layers name (not necessarily on this resource) and that the AWS provider built here does not have
 * as the SDK declares them. Each must be harmless: the built provider ignores an unknown input without a word.
 */
export interface KnownDifference {
  /** As the test prints it: "module/Name input path.of.property: what differs". */
  readonly difference: string;
  readonly reason: string;
}

const regionalNatGateway = "only of regional NAT gateways; the layers make zonal ones, by subnetId";
const managedSecret = "only of secrets that another service manages; the layers name `type` on listeners and rules";
const lifecycleHook = "only of hooks into an ECS deployment; the layers name `targetType` on target groups";

export const knownSchemaDifferences: readonly KnownDifference[] = [
  { difference: "ec2/NatGateway input vpcId: unknown to the provider", reason: regionalNatGateway },
  { difference: "ec2/NatGateway output vpcId: unknown to the provider", reason: regionalNatGateway },
  { difference: "ec2/NatGateway output routeTableId: unknown to the provider", reason: regionalNatGateway },
  { difference: "secretsmanager/Secret input type: unknown to the provider", reason: managedSecret },
  { difference: "secretsmanager/Secret output type: unknown to the provider", reason: managedSecret },
  {
    difference: "secretsmanager/SecretVersion output secretArn: unknown to the provider",
    reason: "the layers take the ARN from the secret itself",
  },
  {
    difference: "ecs/Service input deploymentConfiguration.lifecycleHooks.targetType: unknown to the provider",
    reason: lifecycleHook,
  },
  {
    difference: "ecs/Service output deploymentConfiguration.lifecycleHooks.targetType: unknown to the provider",
    reason: lifecycleHook,
  },
];
