/** What a role may do with an environment's own state, lock and key, and with nothing of another environment's. Pure. */
import { policyDocument } from "@proliferate-infra/shared/aws/iam";
import { allow, type IamPolicy, type IamScope, type IamStatement } from "./iam-statements.ts";

/** Reads the state without its secrets, sees who holds the lock. */
export function stateReadPolicy(scope: IamScope): IamPolicy {
  return policyDocument(
    ...stateStatements(scope),
    lockStatement(scope, ["GetItem"]),
    keyStatement(scope, ["DescribeKey"]),
  );
}

/** Also writes the state, encrypts secrets, takes the lock. */
export function stateWritePolicy(scope: IamScope): IamPolicy {
  const { prefix } = scope.names.state;
  return policyDocument(
    ...stateStatements(scope),
    allow("WriteState", "s3", ["PutObject", "DeleteObject"], [scope.bucketArn(`${prefix}/*`)]),
    lockStatement(scope, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]),
    keyStatement(scope, ["Decrypt", "Encrypt", "DescribeKey"]),
  );
}

function stateStatements(scope: IamScope): readonly IamStatement[] {
  const { prefix, lockTable } = scope.names.state;
  return [
    allow("ReadState", "s3", ["GetObject"], [scope.bucketArn(`${prefix}/*`)]),
    allow("ListState", "s3", ["ListBucket"], [scope.bucketArn()], {
      StringLike: { "s3:prefix": [prefix, `${prefix}/*`] },
    }),
    allow(
      "CheckBucket",
      "s3",
      ["GetBucketVersioning", "GetEncryptionConfiguration", "GetBucketPublicAccessBlock"],
      [scope.bucketArn()],
    ),
    allow("CheckLockTable", "dynamodb", ["DescribeTable"], [scope.arn("dynamodb", `table/${lockTable}`)]),
  ];
}

/** One item: the lock's key is the path of the environment's state. Without a key, a condition on its values would hold. */
function lockStatement({ arn, names: { stack, state } }: IamScope, actions: readonly string[]): IamStatement {
  return allow("Lock", "dynamodb", actions, [arn("dynamodb", `table/${state.lockTable}`)], {
    "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`${state.bucket}/${state.prefix}/${stack}`] },
    Null: { "dynamodb:LeadingKeys": "false" },
  });
}

/** By the alias: policies cannot name a key by it, and its id is not known before it is made. */
function keyStatement({ arn, names: { keyAlias } }: IamScope, actions: readonly string[]): IamStatement {
  return allow("Key", "kms", actions, [arn("kms", "key/*")], {
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": [keyAlias] },
  });
}
