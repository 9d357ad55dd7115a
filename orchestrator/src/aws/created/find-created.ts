/** How the resource of a cut-off creation is found at AWS, type by type. Import it when it is needed, because it loads the SDK. */
import { UserError } from "@proliferate-infra/backend/errors";
import { textOf, type Finder } from "./creation.ts";
import { cacheCluster, dbInstance, replicationGroup } from "./databases.ts";
import { certificate, record } from "./domains.ts";
import { byNameTag, natGateway, route, routeTableAssociation, securityGroupRule } from "./network.ts";
import { ecsCluster, ecsService, listener, loadBalancer, secret, targetGroup } from "./services.ts";

/** The ID consists of inputs. Whether the resource exists is seen when the provider reads it. */
const byInputs =
  (...inputs: readonly string[]): Finder =>
  (creation) =>
    Promise.resolve(inputs.map((input) => textOf(creation, input)).join(":"));

/**
 * Creating it again does no harm: AWS sets the same again, or keeps one more version of it that nobody uses and that costs
 * nothing. AWS deletes it with what it belongs to.
 */
const createdAgain: Finder = () => Promise.resolve(undefined);

const finders: Readonly<Record<string, Finder>> = {
  "aws:acm/certificate:Certificate": certificate,
  "aws:acm/certificateValidation:CertificateValidation": createdAgain,
  "aws:appautoscaling/policy:Policy": byInputs("name"),
  "aws:appautoscaling/scheduledAction:ScheduledAction": createdAgain,
  "aws:appautoscaling/target:Target": byInputs("resourceId"),
  "aws:cloudwatch/dashboard:Dashboard": byInputs("dashboardName"),
  "aws:cloudwatch/logGroup:LogGroup": byInputs("name"),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": createdAgain,
  "aws:cloudwatch/metricAlarm:MetricAlarm": byInputs("name"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": createdAgain,
  "aws:ec2/eip:Eip": byNameTag("eipalloc-"),
  "aws:ec2/flowLog:FlowLog": byNameTag("fl-"),
  "aws:ec2/internetGateway:InternetGateway": byNameTag("igw-"),
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/route:Route": route,
  "aws:ec2/routeTable:RouteTable": byNameTag("rtb-"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
  "aws:ec2/securityGroup:SecurityGroup": byNameTag("sg-"),
  "aws:ec2/subnet:Subnet": byNameTag("subnet-"),
  "aws:ec2/vpc:Vpc": byNameTag("vpc-"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": byNameTag("vpce-"),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": createdAgain,
  "aws:ecr/repository:Repository": byInputs("name"),
  "aws:ecs/cluster:Cluster": ecsCluster,
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": createdAgain,
  "aws:ecs/service:Service": ecsService,
  "aws:ecs/taskDefinition:TaskDefinition": createdAgain,
  "aws:elasticache/cluster:Cluster": cacheCluster,
  "aws:elasticache/parameterGroup:ParameterGroup": byInputs("name"),
  "aws:elasticache/replicationGroup:ReplicationGroup": replicationGroup,
  "aws:elasticache/subnetGroup:SubnetGroup": byInputs("name"),
  "aws:iam/role:Role": byInputs("name"),
  "aws:iam/rolePolicy:RolePolicy": byInputs("role", "name"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": byInputs("role", "policyArn"),
  "aws:lb/listener:Listener": listener,
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:rds/instance:Instance": dbInstance,
  "aws:rds/parameterGroup:ParameterGroup": byInputs("name"),
  "aws:rds/subnetGroup:SubnetGroup": byInputs("name"),
  "aws:route53/record:Record": record,
  "aws:s3/bucket:Bucket": byInputs("bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": createdAgain,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": createdAgain,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": createdAgain,
  "aws:s3/bucketVersioning:BucketVersioning": createdAgain,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": createdAgain,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule(true),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule(false),
};

/** Types whose creation can be completed after it was cut off: those of all layers. */
export const findableTypes: readonly string[] = Object.keys(finders);

/** Finds the resource of a cut-off creation. See Finder. */
export const findCreated: Finder = async (creation, options) => {
  const find = finders[creation.type];
  if (find === undefined) {
    throw new UserError(`It is not known how a resource of the type ${creation.type} is found at AWS.`);
  }
  return find(creation, options);
};
