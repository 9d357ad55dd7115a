/** Advice for errors of AWS, one recorded text for each row. Each has its source; accounts, names and request ids are replaced. */
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { settingNamed } from "@proliferate-infra/shared/settings/catalog";
import { adviceTable, withAdvice } from "@proliferate-infra/orchestrator/aws/advice/advice";
import { adviceDocument } from "@proliferate-infra/orchestrator/aws/advice/document";

const place = { stack: "prod", region: "eu-west-1" };
const refusal = (name: string, words: string) =>
  `1 error occurred:\n\t* creating Secrets Manager Secret (${name}): operation error Secrets Manager: CreateSecret, ` +
  `https response error StatusCode: 400, RequestID: 0a1b, ${words}`;
const RESERVED =
  "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.";
const EXISTS = "ResourceExistsException: The operation failed because the secret proliferate-worker already exists.";

/** An error as the provider prints it since it uses AWS's SDK for Go 2. */
const failed = (what: string, call: string, error: string) =>
  `${what}: operation error ${call}, https response error StatusCode: 400, RequestID: 0a1b-2c3d, ${error}`;
const denied = (rest: string) =>
  `api error AccessDenied: User: arn:aws:sts::111122223333:assumed-role/deployer/ci is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/proliferate-gateway ${rest}`;
const inRole = (rest: string) => failed("creating IAM Role (proliferate-gateway)", "IAM: CreateRole", denied(rest));

/** Title of the row, the text, and what the advice for it contains. */
const recorded: readonly (readonly [title: string, text: string, ...advice: string[]])[] = [
  // Amazon RDS API Reference, DeleteDBInstance
  [
    "A final snapshot of the same name",
    failed(
      "deleting RDS DB Instance (a)",
      "RDS: DeleteDBInstance",
      "DBSnapshotAlreadyExistsFault: Cannot create the snapshot because a snapshot with the identifier a-final already exists.",
    ),
    "--source-db-snapshot-identifier a-final --target-db-snapshot-identifier a-final-1 --region eu-west-1",
    "delete-db-snapshot --db-snapshot-identifier a-final --region eu-west-1",
  ],
  // The messages of the Secrets Manager API; terraform-provider-aws issue 5127.
  [
    "Name of a deleted secret",
    refusal("proliferate-worker", RESERVED),
    "restore-secret --secret-id proliferate-worker",
  ],
  [
    "A secret of the same name",
    refusal("proliferate-worker", EXISTS),
    "resourcePrefix",
    "--force-delete-without-recovery",
  ],
  // sysdiglabs/terraform-aws-secure-for-cloud, pull request 52
  [
    "A zone without NAT gateways",
    failed(
      "creating EC2 NAT Gateway",
      "EC2: CreateNatGateway",
      "api error NotAvailableInZone: Nat Gateway is not available in this availability zone",
    ),
    "configure set --stack prod availabilityZones=",
  ],
  // pulumi/pulumi issue 7199
  [
    "Addresses of subnets overlap",
    failed(
      "creating EC2 Subnet",
      "EC2: CreateSubnet",
      "api error InvalidSubnet.Conflict: The CIDR '10.0.0.0/20' conflicts with another subnet",
    ),
    "privateSubnetCidrs=",
  ],
  // EC2 API reference, error codes
  [
    "Quota of Elastic IP addresses",
    failed(
      "creating EC2 EIP",
      "EC2: AllocateAddress",
      "api error AddressLimitExceeded: The maximum number of addresses has been reached.",
    ),
    "describe-addresses --region eu-west-1",
    "L-0263D0A3",
  ],
  // openemr/openemr-on-ecs issue 8
  [
    "First use of a service in an account",
    failed(
      "creating ECS Service",
      "ECS: CreateService",
      "InvalidParameterException: Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
    ),
    "create-service-linked-role",
    "up --stack prod --resume",
  ],
  // aws-controllers-k8s/community issue 367
  [
    "First use of a service in an account",
    failed(
      "creating ElastiCache Subnet Group",
      "ElastiCache: CreateCacheSubnetGroup",
      "ServiceLinkedRoleNotFoundFault: This action cannot be completed due to insufficient permissions.",
    ),
    "elasticache.amazonaws.com",
  ],
  // clouddrove/terraform-aws-ses issue 25
  [
    "A DNS record of the same name",
    failed(
      "creating Route 53 Record",
      "Route 53: ChangeResourceRecordSets",
      "InvalidChangeBatch: [Tried to create resource record set [name='gateway.example.com.', type='A'] but it already exists]",
    ),
    "Name=='gateway.example.com.'",
    "replaceDnsRecords=true",
  ],
  // hashicorp/terraform-provider-aws issue 41789
  [
    "A certificate that cannot be used",
    failed(
      "modifying ELBv2 Listener",
      "Elastic Load Balancing v2: ModifyListener",
      "api error UnsupportedCertificate: The certificate 'arn:aws:acm:eu-west-1:111122223333:certificate/1a2b' must have a fully-qualified domain name, a supported signature, and a supported key size.",
    ),
    "--certificate-arn arn:aws:acm:eu-west-1:111122223333:certificate/1a2b",
  ],
  // terraform-provider-aws, internal/service/acm/certificate_validation.go
  [
    "A certificate that is not issued",
    "waiting for ACM Certificate (arn:aws:acm:eu-west-1:111122223333:certificate/1a2b) to be issued: timeout while waiting for state to become 'ISSUED'",
    "--certificate-arn arn:aws:acm:eu-west-1:111122223333:certificate/1a2b",
  ],
  // anomalyco/sst issue 6261
  [
    "A parameter group in use",
    failed(
      "deleting RDS DB Parameter Group (proliferate-16)",
      "RDS: DeleteDBParameterGroup",
      "InvalidDBParameterGroupState: One or more database instances are still members of this parameter group proliferate-16, so the group cannot be deleted",
    ),
    "up --stack prod --resume",
  ],
  // cisagov/crossfeed issue 2027
  [
    "Another major version of Postgres",
    failed(
      "updating RDS DB Instance (proliferate)",
      "RDS: ModifyDBInstance",
      "api error InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
    ),
    "dbEngineVersion=",
  ],
  // hashicorp/terraform-provider-aws issue 26233
  [
    "Protection from deletion",
    failed(
      "deleting RDS DB Instance (proliferate)",
      "RDS: DeleteDBInstance",
      "api error InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.",
    ),
    "protectResources=false",
  ],
  // Elastic Load Balancing API reference, DeleteLoadBalancer
  [
    "Protection from deletion",
    failed(
      "deleting ELBv2 Load Balancer",
      "Elastic Load Balancing v2: DeleteLoadBalancer",
      "OperationNotPermitted: Load balancer 'arn:aws:x' cannot be deleted because deletion protection is enabled",
    ),
    "protectResources=false",
  ],
  // RDS user guide, "Modifying settings for Provisioned IOPS SSD storage"
  [
    "Storage that was changed lately",
    failed(
      "updating RDS DB Instance (proliferate)",
      "RDS: ModifyDBInstance",
      "api error InvalidParameterCombination: You can't currently modify the storage of this DB instance because the previous storage change is being optimized.",
    ),
    "six hours",
  ],
  // IAM user guide, "Troubleshoot access denied error messages", for this one and the next four
  [
    "Denied by the organization",
    inRole("with an explicit deny in a service control policy"),
    "iam:CreateRole",
    "extraTags",
  ],
  [
    "Denied by a permissions boundary",
    inRole("because no permissions boundary allows the iam:CreateRole action"),
    "iam:CreateRole",
    "permissionsBoundaryArn",
  ],
  ["Denied by a policy", inRole("with an explicit deny in an identity-based policy"), "--action-names iam:CreateRole"],
  [
    "Not allowed",
    inRole("because no identity-based policy allows the iam:CreateRole action"),
    "setup --print-iam --stack prod",
  ],
  [
    "Not allowed, with an encoded reason",
    failed(
      "creating EC2 VPC",
      "EC2: CreateVpc",
      "api error UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: AbC-123_x",
    ),
    "decode-authorization-message --encoded-message AbC-123_x",
  ],
  // pulumi/pulumi issue 19452
  [
    "The session ended",
    'post-step event returned an error: failed to save snapshot: An IO error occurred while writing the new snapshot file: blob (key ".pulumi/stacks/proliferate-data/prod.json") (code=Unknown): ExpiredToken: The provided token has expired.',
    "up --stack prod --resume",
    "docs/aws-access.md",
  ],
  [
    "The session ended",
    failed(
      "creating RDS DB Instance",
      "RDS: CreateDBInstance",
      "api error ExpiredTokenException: The security token included in the request is expired",
    ),
    "up --stack prod --resume",
  ],
  // AWS general reference, "API retries"
  [
    "Too many calls",
    failed("reading ECS Service", "ECS: DescribeServices", "api error ThrottlingException: Rate exceeded"),
    "--no-pipelined",
  ],
  [
    "Too many calls",
    failed("creating EC2 Subnet", "EC2: CreateSubnet", "api error RequestLimitExceeded: Request limit exceeded."),
    "--no-pipelined",
  ],
  // theopensystemslab/planx-new, pull request 7065
  [
    "An image that ECS cannot get",
    "gateway: a task stopped: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/proliferate-gateway:t1: not found",
    "ecr describe-images --region eu-west-1",
  ],
  // Fraudmarc/fraudmarc-ce issue 50
  [
    "No capacity for databases or Redis",
    failed(
      "creating RDS DB Instance",
      "RDS: CreateDBInstance",
      "InsufficientDBInstanceCapacity: Cannot create a database instance because there are no availability zones with sufficient capacity.",
    ),
    "dbInstanceClass=",
  ],
  // ECS developer guide, service event messages
  [
    "No capacity on Fargate",
    "gateway: Capacity is unavailable at this time. Please try again later or in a different availability zone",
    "later",
  ],
  // hashicorp/terraform-provider-aws pull request 25768
  [
    "Quota of rds",
    failed("creating RDS DB Instance", "RDS: CreateDBInstance", "InstanceQuotaExceeded: DB Instance quota exceeded"),
    "--service-code rds",
  ],
  // ElastiCache API reference, CreateReplicationGroup
  [
    "Quota of elasticache",
    failed(
      "creating ElastiCache Replication Group",
      "ElastiCache: CreateReplicationGroup",
      "NodeQuotaForCustomerExceededFault: The request cannot be processed because it would exceed the allowed number of cache nodes per customer.",
    ),
    "--service-code elasticache",
  ],
  // EC2 API reference, error codes
  [
    "Quota of vpc",
    failed(
      "creating EC2 VPC",
      "EC2: CreateVpc",
      "api error VpcLimitExceeded: The maximum number of VPCs has been reached.",
    ),
    "--service-code vpc",
  ],
  // Elastic Load Balancing API reference, CreateLoadBalancer
  [
    "Quota of elasticloadbalancing",
    failed(
      "creating ELBv2 application Load Balancer",
      "Elastic Load Balancing v2: CreateLoadBalancer",
      "TooManyLoadBalancers: The maximum number of load balancers has been reached",
    ),
    "--service-code elasticloadbalancing",
  ],
  // ECS developer guide, service event messages
  [
    "Quota of fargate",
    "gateway: You've reached the limit on the number of vCPUs you can run concurrently",
    "--service-code fargate",
  ],
  // RDS API reference, CreateDBInstance
  [
    "A KMS key that cannot be used",
    failed(
      "creating RDS DB Instance",
      "RDS: CreateDBInstance",
      "KMSKeyNotAccessibleFault: The specified KMS key [arn:aws:kms:x] does not exist, is not enabled or you do not have permissions to access it.",
    ),
    "kms enable-key",
  ],
  // KMS API reference, Decrypt
  [
    "A KMS key that cannot be used",
    failed("decrypting", "KMS: Decrypt", "DisabledException: arn:aws:kms:eu-west-1:111122223333:key/1 is disabled."),
    "kms enable-key",
  ],
  // aws/aws-sdk-go-v2 issue 1740
  [
    "A bucket of the same name",
    failed("creating S3 Bucket (files)", "S3: CreateBucket", "BucketAlreadyExists: "),
    "s3Bucket=",
  ],
  // IAM API reference, CreateRole
  [
    "A resource of the same name",
    failed(
      "creating IAM Role (proliferate-gateway)",
      "IAM: CreateRole",
      "EntityAlreadyExists: Role with name proliferate-gateway already exists.",
    ),
    "resourcePrefix",
  ],
  // EC2 API reference, error codes
  [
    "Something else uses it",
    failed(
      "deleting EC2 Security Group (sg-0a1b)",
      "EC2: DeleteSecurityGroup",
      "api error DependencyViolation: resource sg-0a1b has a dependent object",
    ),
    "describe-network-interfaces",
  ],
  // RDS API reference, ModifyDBInstance
  [
    "AWS is still at work",
    failed(
      "updating RDS DB Instance (proliferate)",
      "RDS: ModifyDBInstance",
      "InvalidDBInstanceState: Database instance is not in available state.",
    ),
    "describe-db-instances",
  ],
  // EC2 API reference, error codes
  [
    "Region or keys not accepted",
    failed(
      "reading EC2 Availability Zones",
      "EC2: DescribeAvailabilityZones",
      "api error AuthFailure: AWS was not able to validate the provided access credentials",
    ),
    "get-region-opt-status --region-name eu-west-1",
  ],
  // RDS API reference, CreateDBSubnetGroup
  [
    "Subnets in one zone",
    failed(
      "creating RDS DB Subnet Group",
      "RDS: CreateDBSubnetGroup",
      "DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.",
    ),
    "availabilityZones=",
  ],
];

describe("advice for errors of AWS", () => {
  for (const [title, text, ...advice] of recorded) {
    it(`${title}: ${text.slice(-60)}`, () => {
      const printed = withAdvice(text, place);
      expect(printed.startsWith(`${text}\n\n`)).to.equal(true);
      const own = printed.slice(text.length);
      for (const words of [...advice, adviceTable.find((row) => row.title === title)?.why.slice(0, 8) ?? "no row"]) {
        expect(own).to.contain(words);
      }
      expect(own).not.to.match(/<(stack|region|name|arn|action|message)>/);
    });
  }

  it("has a text for every row", () => {
    const tested = new Set(recorded.map(([title]) => title));
    expect(adviceTable.map(({ title }) => title).filter((title) => !tested.has(title))).to.deep.equal([]);
  });

  it("covers each resource once, and leaves out an unknown region", () => {
    const reasons = ["a-gateway", "a-worker", "a-worker"].map((name) => refusal(name, RESERVED));
    const text = withAdvice(reasons.join("\n"), { stack: "prod", region: undefined });
    expect(text.match(/restore-secret --secret-id \S+ &&/g)).to.deep.equal([
      "restore-secret --secret-id a-gateway &&",
      "restore-secret --secret-id a-worker &&",
    ]);
    expect(text).not.to.contain("--region");
  });

  it("does not change other reasons", () => {
    for (const reason of ["", "the bucket already exists", refusal("a", "AccessDenied"), `x\n${RESERVED}`]) {
      expect(withAdvice(reason, place)).to.equal(reason);
    }
  });

  it("sets only settings that exist", () => {
    const commands = adviceTable.flatMap(({ fix }) => fix.match(/configure set .*/g) ?? []);
    const keys = commands.flatMap((command) => [...command.matchAll(/ (\w+)=/g)].map(([, key = ""]) => key));
    expect(keys).to.include("availabilityZones");
    expect(keys.filter((key) => settingNamed(key) === undefined)).to.deep.equal([]);
  });

  it("is in docs/troubleshooting.md", () => {
    const written = readFileSync(join(repositoryRoot, "docs/troubleshooting.md"), "utf8");
    for (const { title } of adviceTable) {
      expect(written).to.contain(`## ${title}\n`);
    }
    expect(written, "pnpm generate").to.equal(adviceDocument());
  });
});
