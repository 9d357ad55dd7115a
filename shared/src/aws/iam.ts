/** IAM policy documents as plain objects. Pure. */

/** One statement of a policy document. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Principal?: "*" | Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument<Statement extends PolicyStatement = PolicyStatement> {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** Account that documents name. */
export interface AwsAccount {
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition: string;
  readonly accountId: string;
}

/** A document of these statements. */
export function policyDocument<Statement extends PolicyStatement>(
  ...statements: readonly Statement[]
): PolicyDocument<Statement> {
  return { Version: "2012-10-17", Statement: statements };
}

/** Denies every request to a bucket that does not come over TLS. */
export function denyPlainHttp(bucketArn: string): PolicyStatement {
  return {
    Sid: "DenyPlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** Who may assume a role. */
export interface TrustedService {
  /** Id of the statement; undefined: it has none. */
  readonly sid?: string;
  /** Service principal such as `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** Only for resources of this account (IAM User Guide, the confused deputy problem). */
  readonly accountId: string;
  /** Only for resources with such an ARN; undefined: for all of the account. */
  readonly sourceArn?: string;
}

/** Trust policy of a role that one AWS service assumes. */
export function trustPolicy({ sid, service, accountId, sourceArn }: TrustedService): PolicyDocument {
  return policyDocument({
    ...(sid !== undefined && { Sid: sid }),
    Effect: "Allow",
    Action: ["sts:AssumeRole"],
    Principal: { Service: service },
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
    },
  });
}
