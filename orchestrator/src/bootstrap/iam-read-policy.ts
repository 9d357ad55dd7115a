/** What both roles may read of the resources that the four layers make: no value of a secret. Pure. */
import { policyDocument } from "@proliferate-infra/shared/aws/iam";
import { allow, type IamPolicy, type IamScope } from "./iam-statements.ts";

/** Reads everything that a preview or a refresh of the layers compares. Actions that know no resources stand first. */
export function readPolicy({ arn, globalArn, accountlessArn, prefix }: IamScope): IamPolicy {
  return policyDocument(
    {
      Sid: "Describe",
      Effect: "Allow",
      Action: [
        "application-autoscaling:Describe*",
        "cloudwatch:DescribeAlarms",
        "ec2:Describe*",
        "ecs:DescribeTaskDefinition",
        "ecs:ListServices",
        "ecs:ListTaskDefinitions",
        "elasticache:Describe*",
        "elasticloadbalancing:Describe*",
        "logs:DescribeLogGroups",
        "logs:DescribeMetricFilters",
        "rds:Describe*",
      ],
      Resource: ["*"],
    },
    {
      Sid: "ReadTags",
      Effect: "Allow",
      Action: [
        "application-autoscaling:ListTagsForResource",
        "cloudwatch:ListTagsForResource",
        "elasticache:ListTagsForResource",
        "logs:ListTagsForResource",
        "rds:ListTagsForResource",
      ],
      Resource: ["application-autoscaling", "cloudwatch", "elasticache", "logs", "rds"].map((service) =>
        arn(service, "*"),
      ),
    },
    allow(
      "ReadServices",
      "ecs",
      [
        ...["DescribeClusters", "DescribeServices", "DescribeTasks", "ListServiceDeployments", "ListTasks"],
        "ListTagsForResource",
      ],
      [
        arn("ecs", `cluster/${prefix}`),
        arn("ecs", `service/${prefix}/*`),
        arn("ecs", `task/${prefix}/*`),
        arn("ecs", `container-instance/${prefix}/*`),
        arn("ecs", `task-definition/${prefix}-*:*`),
      ],
    ),
    allow(
      "ReadRepositories",
      "ecr",
      ["DescribeRepositories", "DescribeImages", "ListImages", "GetLifecyclePolicy", "ListTagsForResource"],
      [arn("ecr", `repository/${prefix}-*`)],
    ),
    // No objects: what is in the bucket belongs to the application.
    allow(
      "ReadBucket",
      "s3",
      [
        ...["GetAccelerateConfiguration", "GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketLogging"],
        ...[
          "GetBucketObjectLockConfiguration",
          "GetBucketPolicy",
          "GetBucketPublicAccessBlock",
          "GetBucketRequestPayment",
        ],
        ...["GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite", "GetEncryptionConfiguration"],
        ...["GetLifecycleConfiguration", "GetReplicationConfiguration", "ListBucket", "ListTagsForResource"],
      ],
      [accountlessArn("s3", `${prefix}-files-*`)],
    ),
    allow("ReadDashboard", "cloudwatch", ["GetDashboard"], [globalArn("cloudwatch", `dashboard/${prefix}`)]),
    allow("ReadCertificates", "acm", ["DescribeCertificate", "ListTagsForCertificate"], [arn("acm", "certificate/*")]),
    allow(
      "ReadDomains",
      "route53",
      ["GetHostedZone", "ListResourceRecordSets"],
      [accountlessArn("route53", "hostedzone/*")],
    ),
    allow(
      "DescribeSecrets",
      "secretsmanager",
      ["DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"],
      [arn("secretsmanager", `secret:${prefix}-*`)],
    ),
    allow(
      "ReadRoles",
      "iam",
      ["GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies", "ListInstanceProfilesForRole"],
      [globalArn("iam", `role/${prefix}-*`)],
    ),
  );
}
