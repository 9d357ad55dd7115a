/**
 * The table of the rollout's locks: one item per environment. Items have no time to live, because a holder's number must never
 * be given twice (decision 7). Backups are left out: a lock is worth nothing an hour later.
 */
import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTableCommand,
  type DynamoDBClient,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Found, StateResource } from "./state-resource.ts";

/** Name of the table's only key: text. */
const LOCK_KEY = "LockID";

/** A table as far as it matters. */
export interface TableFacts {
  /** In DynamoDB's words. */
  readonly status: string;
  /** Attributes of the key in order, as `<name> <type> <HASH or RANGE>`. */
  readonly key: readonly string[];
  readonly isOnDemand: boolean;
  readonly isProtected: boolean;
  /** Encrypted with a key of KMS, whose uses are logged. */
  readonly isEncryptedByKms: boolean;
}

const ON_DEMAND = { BillingMode: "PAY_PER_REQUEST" } as const;
const PROTECTED = { DeletionProtectionEnabled: true };
const ENCRYPTED = { SSESpecification: { Enabled: true } };

/** The lock table of this name. */
export function lockTable(dynamodb: DynamoDBClient, name: string): StateResource<TableFacts> {
  const update = (change: Omit<UpdateTableCommandInput, "TableName">) => () =>
    dynamodb.send(new UpdateTableCommand({ TableName: name, ...change }));
  return {
    what: "lock table",
    name,
    read: () => readTable(dynamodb, name),
    refusals: ({ status, key }) => [
      ...(["ACTIVE", "CREATING", "UPDATING"].includes(status) ? [] : [`is in the state ${status}`]),
      ...(key.length === 1 && key[0] === `${LOCK_KEY} S HASH`
        ? []
        : [`has the key ${key.join(", ")}, not ${LOCK_KEY} (text)`]),
    ],
    // DynamoDB takes one change at a time, and shows some things of a new table only when it is active.
    isReady: ({ status }) => status === "ACTIVE",
    requirements: [
      { text: "bill on demand", isMet: ({ isOnDemand }) => isOnDemand, fix: update(ON_DEMAND) },
      { text: "protect it from deletion", isMet: ({ isProtected }) => isProtected, fix: update(PROTECTED) },
      { text: "encrypt with a KMS key", isMet: ({ isEncryptedByKms }) => isEncryptedByKms, fix: update(ENCRYPTED) },
    ],
    create: () => createTable(dynamodb, name),
  };
}

async function readTable(dynamodb: DynamoDBClient, name: string): Promise<Found<TableFacts>> {
  try {
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    const typeOf = (attribute: string | undefined) =>
      table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === attribute)?.AttributeType;
    return {
      status: "present",
      facts: {
        status: table?.TableStatus ?? "unknown",
        key: (table?.KeySchema ?? []).map(({ AttributeName, KeyType }) =>
          [AttributeName, typeOf(AttributeName), KeyType].join(" "),
        ),
        isOnDemand: table?.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST",
        isProtected: table?.DeletionProtectionEnabled === true,
        isEncryptedByKms: ["ENABLED", "UPDATING"].includes(table?.SSEDescription?.Status ?? ""),
      },
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      return { status: "absent" };
    }
    throw error;
  }
}

async function createTable(dynamodb: DynamoDBClient, name: string): Promise<void> {
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: [{ AttributeName: LOCK_KEY, AttributeType: "S" }],
        KeySchema: [{ AttributeName: LOCK_KEY, KeyType: "HASH" }],
        ...ON_DEMAND,
        ...PROTECTED,
        ...ENCRYPTED,
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) {
      throw error;
    }
  }
}
