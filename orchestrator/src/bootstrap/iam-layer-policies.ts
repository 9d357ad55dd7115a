/**
 * What the deploy role may do with the resources that the four layers make: named ones by the environment's prefix, the
 * rest by account and region. Pure. One policy per layer, because AWS limits the length of each.
 *
 * To add a kind of resource to a layer, add the actions that its provider documents for create, read, update and delete.
 */
import { policyDocument } from "@proliferate-infra/shared/aws/iam";
import { allow, type IamPolicy, type IamScope, type IamStatement } from "./iam-statements.ts";

const NETWORK_ACTIONS = `
  CreateVpc DeleteVpc ModifyVpcAttribute CreateSubnet DeleteSubnet ModifySubnetAttribute
  CreateInternetGateway DeleteInternetGateway AttachInternetGateway DetachInternetGateway
  AllocateAddress ReleaseAddress AssociateAddress DisassociateAddress CreateNatGateway DeleteNatGateway
  CreateRouteTable DeleteRouteTable AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation
  CreateRoute ReplaceRoute DeleteRoute CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints
  CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress
  RevokeSecurityGroupIngress RevokeSecurityGroupEgress ModifySecurityGroupRules
  CreateFlowLogs DeleteFlowLogs CreateTags DeleteTags`;

const NETWORK_KINDS = `
  vpc subnet internet-gateway natgateway elastic-ip network-interface route-table vpc-endpoint
  security-group security-group-rule vpc-flow-log`;

/** These have ids and no names, so that nothing smaller than account and region can be named. */
export function networkPolicy(scope: IamScope): IamPolicy {
  const { arn, globalArn, prefix } = scope;
  return policyDocument(
    allow(
      "Network",
      "ec2",
      words(NETWORK_ACTIONS),
      words(NETWORK_KINDS).map((kind) => arn("ec2", `${kind}/*`)),
    ),
    logGroupStatement(scope),
    ...roleStatements(scope),
    allow("PassFlowLogsRole", "iam", ["PassRole"], [globalArn("iam", `role/${prefix}-flow-logs-*`)], {
      StringEquals: { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" },
    }),
  );
}

const REDIS_ACTIONS = `
  CreateCacheSubnetGroup ModifyCacheSubnetGroup DeleteCacheSubnetGroup
  CreateCacheParameterGroup ModifyCacheParameterGroup ResetCacheParameterGroup DeleteCacheParameterGroup
  CreateCacheCluster ModifyCacheCluster RebootCacheCluster DeleteCacheCluster
  CreateReplicationGroup ModifyReplicationGroup IncreaseReplicaCount DecreaseReplicaCount DeleteReplicationGroup
  CreateSnapshot AddTagsToResource RemoveTagsFromResource`;
const POSTGRES_ACTIONS = `
  CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup
  CreateDBParameterGroup ModifyDBParameterGroup ResetDBParameterGroup DeleteDBParameterGroup
  CreateDBInstance ModifyDBInstance RebootDBInstance DeleteDBInstance CreateDBSnapshot
  AddTagsToResource RemoveTagsFromResource`;

const BUCKET_ACTIONS = `
  CreateBucket DeleteBucket PutBucketPolicy DeleteBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning
  PutEncryptionConfiguration TagResource UntagResource`;
// What an environment without protection is destroyed with; a protected one keeps its objects.
const EMPTYING_ACTIONS = "DeleteObject DeleteObjectVersion ListBucketVersions";

/** Redis, Postgres and the bucket; snapshots are made and never deleted. */
export function dataPolicy(scope: IamScope): IamPolicy {
  const { arn, globalArn, accountlessArn, prefix } = scope;
  const redis = ["cluster", "replicationgroup", "subnetgroup", "parametergroup", "snapshot"];
  const postgres = ["db", "subgrp", "pg", "snapshot"];
  return policyDocument(
    allow(
      "Redis",
      "elasticache",
      words(REDIS_ACTIONS),
      redis.map((kind) => arn("elasticache", `${kind}:${prefix}-*`)),
    ),
    // An instance always has an option group; ours has AWS's.
    allow("Postgres", "rds", words(POSTGRES_ACTIONS), [
      ...postgres.map((kind) => arn("rds", `${kind}:${prefix}-*`)),
      arn("rds", "og:default*"),
    ]),
    allow("Bucket", "s3", words(BUCKET_ACTIONS), [accountlessArn("s3", `${prefix}-files-*`)]),
    allow("EmptyBucket", "s3", words(EMPTYING_ACTIONS), [
      accountlessArn("s3", `${prefix}-files-*`),
      accountlessArn("s3", `${prefix}-files-*/*`),
    ]),
    ...roleStatements(scope),
    allow(
      "MonitoringRole",
      "iam",
      ["AttachRolePolicy", "DetachRolePolicy"],
      [globalArn("iam", `role/${prefix}-postgres-*`)],
      {
        ArnLike: { "iam:PolicyARN": "arn:*:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" },
        ...boundaryCondition(scope),
      },
    ),
    allow("PassMonitoringRole", "iam", ["PassRole"], [globalArn("iam", `role/${prefix}-postgres-*`)], {
      StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" },
    }),
    serviceRolesStatement(scope, ["elasticache", "rds"]),
  );
}

const SECRET_ACTIONS = `
  CreateSecret UpdateSecret GetSecretValue PutSecretValue UpdateSecretVersionStage DeleteSecret RestoreSecret TagResource UntagResource`;

/** The services' secrets, with their values. */
export function secretsPolicy({ arn, prefix }: IamScope): IamPolicy {
  return policyDocument(
    allow("Secrets", "secretsmanager", words(SECRET_ACTIONS), [arn("secretsmanager", `secret:${prefix}-*`)]),
  );
}

const ECS_ACTIONS = `
  CreateCluster UpdateCluster UpdateClusterSettings PutClusterCapacityProviders DeleteCluster
  CreateService UpdateService DeleteService RegisterTaskDefinition DeleteTaskDefinitions TagResource UntagResource`;
const ECR_ACTIONS = `
  CreateRepository DeleteRepository PutLifecyclePolicy DeleteLifecyclePolicy PutImageScanningConfiguration
  PutImageTagMutability BatchDeleteImage TagResource UntagResource`;
const PUSH_ACTIONS = `
  BatchCheckLayerAvailability BatchGetImage InitiateLayerUpload UploadLayerPart CompleteLayerUpload PutImage`;
const BALANCER_ACTIONS = `
  CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType
  CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup
  CreateListener ModifyListener ModifyListenerAttributes DeleteListener AddTags RemoveTags`;
const SCALING_ACTIONS = `
  RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy DeleteScalingPolicy
  PutScheduledAction DeleteScheduledAction TagResource UntagResource`;

/** Cluster, services, repositories, load balancers, scaling, alarms, logs and the tasks' roles. */
export function servicesPolicy(scope: IamScope): IamPolicy {
  const { arn, globalArn, prefix } = scope;
  return policyDocument(
    allow("Services", "ecs", words(ECS_ACTIONS), [
      arn("ecs", `cluster/${prefix}`),
      arn("ecs", `service/${prefix}/*`),
      arn("ecs", `task-definition/${prefix}-*:*`),
    ]),
    // This action knows no resources.
    allow("RetireTaskDefinitions", "ecs", ["DeregisterTaskDefinition"], ["*"]),
    allow("Migrate", "ecs", ["RunTask"], [arn("ecs", `task-definition/${prefix}-migration:*`)]),
    allow("ReadMigrationLog", "logs", ["GetLogEvents"], [arn("logs", `log-group:${prefix}-*:log-stream:migration/*`)]),
    allow("Repositories", "ecr", words(ECR_ACTIONS), [arn("ecr", `repository/${prefix}-*`)]),
    allow("PushImages", "ecr", words(PUSH_ACTIONS), [arn("ecr", `repository/${prefix}-*`)]),
    // This action knows no resources.
    allow("LogInToRegistry", "ecr", ["GetAuthorizationToken"], ["*"]),
    allow("LoadBalancers", "elasticloadbalancing", words(BALANCER_ACTIONS), [
      arn("elasticloadbalancing", `loadbalancer/app/${prefix}-*/*`),
      arn("elasticloadbalancing", `listener/app/${prefix}-*/*/*`),
      arn("elasticloadbalancing", `targetgroup/${prefix}-*/*`),
    ]),
    allow("Scaling", "application-autoscaling", words(SCALING_ACTIONS), [
      arn("application-autoscaling", "scalable-target/*"),
    ]),
    // A scaling policy brings alarms of its own, named after the service.
    allow(
      "Alarms",
      "cloudwatch",
      ["PutMetricAlarm", "DeleteAlarms", "TagResource", "UntagResource"],
      [`alarm:${prefix}-*`, `alarm:TargetTracking-service/${prefix}/*`].map((name) => arn("cloudwatch", name)),
    ),
    allow(
      "Dashboard",
      "cloudwatch",
      ["PutDashboard", "DeleteDashboards"],
      [globalArn("cloudwatch", `dashboard/${prefix}`)],
    ),
    ...domainStatements(scope),
    logGroupStatement(scope),
    allow("CountErrors", "logs", ["PutMetricFilter", "DeleteMetricFilter"], [arn("logs", `log-group:${prefix}-*`)]),
    ...roleStatements(scope),
    // Which policies is a setting; whoever may write a role's inline policies could give it as much.
    allow(
      "TaskPolicies",
      "iam",
      ["AttachRolePolicy", "DetachRolePolicy"],
      [globalArn("iam", `role/${prefix}-*-task-*`)],
      boundaryCondition(scope),
    ),
    allow("PassTaskRoles", "iam", ["PassRole"], [globalArn("iam", `role/${prefix}-*`)], {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
    serviceRolesStatement(scope, ["ecs", "elasticloadbalancing", "ecs.application-autoscaling"]),
  );
}

const CERTIFICATE_ACTIONS = "DeleteCertificate AddTagsToCertificate RemoveTagsFromCertificate";

/** Certificates have no names of one's own, and which zone a domain is in is a setting. */
function domainStatements({ arn, accountlessArn }: IamScope): readonly IamStatement[] {
  return [
    // A request knows no resource; what is asked for is proved by DNS, so nobody else's name can be had.
    allow("RequestCertificates", "acm", ["RequestCertificate"], ["*"], {
      StringEquals: { "acm:ValidationMethod": "DNS" },
    }),
    allow("Certificates", "acm", words(CERTIFICATE_ACTIONS), [arn("acm", "certificate/*")]),
    allow("DomainRecords", "route53", ["ChangeResourceRecordSets"], [accountlessArn("route53", "hostedzone/*")], {
      "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"] },
      Null: { "route53:ChangeResourceRecordSetsRecordTypes": "false" },
    }),
    allow("DomainChanges", "route53", ["GetChange"], [accountlessArn("route53", "change/*")]),
  ];
}

function logGroupStatement({ arn, prefix }: IamScope): IamStatement {
  const actions = ["CreateLogGroup", "DeleteLogGroup", "PutRetentionPolicy", "TagResource", "UntagResource"];
  return allow("LogGroups", "logs", actions, [arn("logs", `log-group:${prefix}-*`)]);
}

/** With a boundary, actions that could give a role more need it; so whoever deploys cannot make a role without it. */
function roleStatements(scope: IamScope): readonly IamStatement[] {
  const { globalArn, prefix } = scope;
  const roles = [globalArn("iam", `role/${prefix}-*`)];
  const kept = "UpdateRole UpdateAssumeRolePolicy DeleteRole TagRole UntagRole";
  const bounded = "CreateRole PutRolePolicy DeleteRolePolicy";
  const condition = boundaryCondition(scope);
  return condition === undefined
    ? [allow("Roles", "iam", words(`${bounded} ${kept}`), roles)]
    : [
        allow("Roles", "iam", words(kept), roles),
        allow("BoundedRoles", "iam", words(`${bounded} PutRolePermissionsBoundary`), roles, condition),
      ];
}

/** Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM": iam:PermissionsBoundary. */
function boundaryCondition({ permissionsBoundaryArn }: IamScope): IamStatement["Condition"] {
  return permissionsBoundaryArn === undefined
    ? undefined
    : { StringEquals: { "iam:PermissionsBoundary": permissionsBoundaryArn } };
}

/** The roles that AWS makes for a service on its first use in an account. */
function serviceRolesStatement({ globalArn }: IamScope, services: readonly string[]): IamStatement {
  return allow("ServiceRoles", "iam", ["CreateServiceLinkedRole"], [globalArn("iam", "role/aws-service-role/*")], {
    StringEquals: { "iam:AWSServiceName": services.map((service) => `${service}.amazonaws.com`) },
  });
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
