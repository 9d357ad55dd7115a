/** Errors of single resources. */
import { AGAIN, type AdviceRow } from "./row.ts";

const SECRET = String.raw`creating Secrets Manager Secret \((?<name>[^)\s]+)\):[^\n]*`;

export const resourceRows: readonly AdviceRow[] = [
  {
    title: "Name of a deleted secret",
    codes: ["InvalidRequest"],
    when: new RegExp(`${SECRET}(?:scheduled for deletion|was deleted)`),
    why: "The name <name> is taken until the recovery window of the deleted secret ends (secretRecoveryWindowDays). Its content comes from the settings and is not lost.",
    // Restored first, so that it is also freed where AWS refuses to delete what is marked as deleted.
    fix: `This frees the name:
  aws secretsmanager restore-secret --secret-id <name> --region <region> &&
    aws secretsmanager delete-secret --secret-id <name> --region <region> --force-delete-without-recovery
Then deploy again after a minute.`,
  },
  {
    title: "A secret of the same name",
    codes: ["ResourceExists"],
    when: new RegExp(SECRET),
    why: "There is a secret <name> that this environment did not make. If another environment did, one of the two needs another resourcePrefix.",
    fix: `If nobody needs it, this deletes it for good:
  aws secretsmanager delete-secret --secret-id <name> --region <region> --force-delete-without-recovery`,
  },
  {
    title: "A zone without NAT gateways",
    codes: ["NotAvailableInZone"],
    why: "AWS has no NAT gateways in one of the zones. By default, the first two zones of the region are used.",
    fix: `Choose two others; the subnets move to them:
  aws ec2 describe-availability-zones --region <region> --query 'AvailabilityZones[].[ZoneName,ZoneId]'
  ./rollout configure set --stack <stack> availabilityZones=ZONE,ZONE`,
  },
  {
    title: "Addresses of subnets overlap",
    codes: ["InvalidSubnet.Conflict"],
    why: "The VPC has a subnet with the same addresses that this environment did not make.",
    fix: `List the subnets, then give the new ones other addresses, or delete the one that nobody needs:
  aws ec2 describe-subnets --region <region> --query 'Subnets[].[SubnetId,CidrBlock,AvailabilityZone,VpcId]'
  ./rollout configure set --stack <stack> publicSubnetCidrs=CIDR,CIDR privateSubnetCidrs=CIDR,CIDR`,
  },
  {
    title: "A DNS record of the same name",
    codes: ["InvalidChangeBatch"],
    when: /(?:name='(?<record>[^']+)'[^\n]*)?already exists/,
    why: "The hosted zone already has a record of this name, such as that of an earlier environment. It gets the traffic, so it is not replaced without your consent.",
    fix: `Look at it. To replace it when the service's tasks are healthy:
  aws route53 list-resource-record-sets --hosted-zone-id ZONE --query "ResourceRecordSets[?Name=='<record>']"
  ./rollout configure set --stack <stack> replaceDnsRecords=true`,
  },
  {
    title: "A certificate that cannot be used",
    codes: ["UnsupportedCertificate", "CertificateNotFound"],
    when: /(?<arn>arn:[\w-]+:acm:[^'"\s,]+)/,
    why: "The load balancer cannot use the certificate: it has not been issued yet, was deleted, or is in another region.",
    fix: `Its status must be ISSUED; until then, its domain needs the records that this prints:
  aws acm describe-certificate --region <region> --certificate-arn <arn> --query 'Certificate.[Status,DomainValidationOptions[].ResourceRecord]'
${AGAIN}`,
  },
  {
    title: "A certificate that is not issued",
    codes: [],
    when: /waiting for ACM Certificate \((?<arn>[^)]+)\)/,
    why: "AWS has not issued the certificate. Most often the domain's name servers are not those of the hosted zone, or a CAA record does not allow amazon.com.",
    fix: `Compare the name servers, then deploy again:
  aws acm describe-certificate --region <region> --certificate-arn <arn> --query 'Certificate.DomainValidationOptions'
${AGAIN}`,
  },
  {
    title: "A parameter group in use",
    codes: ["InvalidDBParameterGroupState", "InvalidCacheParameterGroupState"],
    why: "The parameter group is still in use: the database or Redis changes to the new group later, at a restart or in its maintenance window.",
    fix: `When the change has taken effect, deploy again; it deletes the old group then:
${AGAIN}`,
  },
  {
    title: "Another major version of Postgres",
    codes: ["InvalidParameterCombination", "InvalidParameterValue"],
    when: /AllowMajorVersionUpgrade/,
    why: "dbEngineVersion is another major version than that of the database, and AWS upgrades only on demand. An upgrade stops the database and cannot be undone.",
    fix: `Set the old version again, or deploy the upgrade as docs/database.md describes it:
  ./rollout configure set --stack <stack> dbEngineVersion=VERSION`,
  },
  {
    title: "Protection from deletion",
    codes: ["InvalidParameterCombination", "OperationNotPermitted", "InvalidParameterValue"],
    when: /delet\w*[^\n]*protect|protected DB Instance/i,
    why: "It is protected from deletion, as everything with data and addresses is while protectResources is true.",
    fix: `If it may be deleted with all its data, deploy once without protection:
  ./rollout configure set --stack <stack> protectResources=false
  ./rollout up --stack <stack>`,
  },
  {
    title: "Storage that was changed lately",
    codes: ["InvalidParameterCombination", "InvalidParameterValue"],
    when: /previous storage change is being optimized|storage[^\n]*six hours/i,
    why: "AWS changes the storage of a database once in six hours.",
    fix: `Deploy again when six hours have passed:
${AGAIN}`,
  },
  {
    title: "An image that ECS cannot get",
    codes: ["CannotPullContainerError", "ImageNotFound"],
    why: "ECS cannot get the image: the tag or digest is not in the repository any more, it is for another CPU architecture, or the task has no way to ECR.",
    fix: `See which images there are, then release one of them:
  aws ecr describe-images --region <region> --repository-name REPOSITORY --query 'imageDetails[].imageTags'
  ./rollout release --stack <stack> --tag TAG`,
  },
  {
    title: "A bucket of the same name",
    codes: ["BucketAlreadyExists", "BucketAlreadyOwnedByYou"],
    why: "A bucket of this name exists. Names of buckets are taken for all accounts of AWS.",
    fix: `Choose another name:
  ./rollout configure set --stack <stack> s3Bucket=NAME`,
  },
  {
    title: "A resource of the same name",
    codes: [
      ...[
        "EntityAlreadyExists",
        "DBInstanceAlreadyExists",
        "DBSubnetGroupAlreadyExists",
        "DBParameterGroupAlreadyExists",
      ],
      ...["ReplicationGroupAlreadyExists", "CacheClusterAlreadyExists", "CacheSubnetGroupAlreadyExists"],
      ...["CacheParameterGroupAlreadyExists", "DuplicateLoadBalancerName", "DuplicateTargetGroupName"],
      ...["RepositoryAlreadyExists", "ResourceAlreadyExists", "InvalidGroup.Duplicate"],
    ],
    why: "Something of this name exists and is not in this environment's state: another environment has the same resourcePrefix, or a deployment was interrupted before it wrote the state.",
    fix: `Give one of the two environments another prefix before its first deployment, or delete what nobody needs. This lists what has the tags of the environment:
  aws resourcegroupstaggingapi get-resources --region <region> --tag-filters Key=ManagedBy,Values=pulumi --query 'ResourceTagMappingList[].ResourceARN'`,
  },
  {
    title: "Something else uses it",
    codes: ["DependencyViolation"],
    why: "Something that this environment did not make still uses it, such as a network interface in the VPC.",
    fix: `Find and delete what uses it, then repeat the command:
  aws ec2 describe-network-interfaces --region <region> --query 'NetworkInterfaces[].[NetworkInterfaceId,Description,VpcId,Groups[].GroupId]'`,
  },
  {
    title: "AWS is still at work",
    codes: ["InvalidDBInstanceState", "InvalidReplicationGroupState", "InvalidCacheClusterState"],
    why: "AWS is still at work on it, such as on a backup or on an earlier change.",
    fix: `Wait until it is available, then deploy again:
  aws rds describe-db-instances --region <region> --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]'
  aws elasticache describe-replication-groups --region <region> --query 'ReplicationGroups[].[ReplicationGroupId,Status]'
${AGAIN}`,
  },
  {
    title: "A final snapshot of the same name",
    codes: ["DBSnapshotAlreadyExists"],
    when: /(?:identifier (?<name>\S+) )?already exists/,
    why: "The final snapshot <name> exists from an earlier replacement of the database, so AWS did not delete the old instance. The new one is in use.",
    fix: `This saves the snapshot under another name and frees its name; then deploy again:
  aws rds copy-db-snapshot --source-db-snapshot-identifier <name> --target-db-snapshot-identifier <name>-1 --region <region> &&
    aws rds wait db-snapshot-available --db-snapshot-identifier <name>-1 --region <region> &&
    aws rds delete-db-snapshot --db-snapshot-identifier <name> --region <region>
${AGAIN}`,
  },
  {
    title: "Subnets in one zone",
    codes: ["DBSubnetGroupDoesNotCoverEnoughAZs"],
    why: "RDS needs subnets in two zones at least.",
    fix: `Choose two zones that differ:
  ./rollout configure set --stack <stack> availabilityZones=ZONE,ZONE`,
  },
];
