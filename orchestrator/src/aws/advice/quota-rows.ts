/** Quotas of the account, and capacity of AWS. */
import { AGAIN, type AdviceRow } from "./row.ts";

/** The row of a quota of the account, under its service's code in Service Quotas. */
function quota(service: string, what: string, codes: readonly string[], when?: RegExp): AdviceRow {
  const options = `--region <region> --service-code ${service}`;
  return {
    title: `Quota of ${service}`,
    codes,
    ...(when === undefined ? {} : { when }),
    why: `The account has reached its quota of ${what}, in this region.`,
    fix: `Delete what nobody needs, or ask for more:
  aws service-quotas list-service-quotas ${options} --query 'Quotas[].[QuotaCode,QuotaName,Value]'
  aws service-quotas request-service-quota-increase ${options} --quota-code CODE --desired-value NUMBER`,
  };
}

export const quotaRows: readonly AdviceRow[] = [
  {
    title: "Quota of Elastic IP addresses",
    codes: ["AddressLimitExceeded"],
    why: "The account has no Elastic IP address left in the region. The quota is 5; each NAT gateway needs one.",
    fix: `Release addresses that nothing uses, or ask for more:
  aws ec2 describe-addresses --region <region> --query 'Addresses[?AssociationId==null].AllocationId'
  aws service-quotas request-service-quota-increase --region <region> --service-code ec2 --quota-code L-0263D0A3 --desired-value 10`,
  },
  {
    title: "No capacity for databases or Redis",
    codes: ["InsufficientDBInstanceCapacity", "InsufficientCacheClusterCapacity", "InsufficientInstanceCapacity"],
    why: "AWS has no capacity left for this class of machine in these zones at the moment.",
    fix: `Deploy again later, or choose another class:
  ./rollout configure set --stack <stack> dbInstanceClass=CLASS redisNodeType=TYPE`,
  },
  {
    title: "No capacity on Fargate",
    codes: [],
    when: /Capacity is unavailable at this time/,
    why: "AWS has no capacity left for such tasks on Fargate in these zones at the moment.",
    fix: `Deploy again later:
${AGAIN}`,
  },
  quota("rds", "databases, or of their storage", ["InstanceQuotaExceeded", "StorageQuotaExceeded"]),
  quota("elasticache", "Redis nodes", ["NodeQuotaForCustomerExceeded", "ClusterQuotaForCustomerExceeded"]),
  quota("vpc", "VPCs, or of parts of a VPC", [
    ...["VpcLimitExceeded", "NatGatewayLimitExceeded", "InternetGatewayLimitExceeded", "SubnetLimitExceeded"],
    ...["SecurityGroupLimitExceeded", "RulesPerSecurityGroupLimitExceeded", "VpcEndpointLimitExceeded"],
  ]),
  quota("elasticloadbalancing", "load balancers, or of their parts", ["TooManyLoadBalancers", "TooManyTargetGroups"]),
  quota("fargate", "vCPUs on Fargate, which is small in a new account", [], /limit on the number of vCPUs/),
];
