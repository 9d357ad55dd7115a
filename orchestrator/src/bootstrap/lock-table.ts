/**
 * The table of the rollout's locks: one item per environment. Items have no time to live, because a holder's number must never
 * be given twice (decision 7). Backups are left out: a lock is worth nothing an hour later.
 */
import {
  CreateTableCommand,
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  TagResourceCommand,
  UpdateTableCommand,
  type DynamoDBClient,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Tags } from "@proliferate-infra/shared/values/tags";
import type { Found, StateResource } from "./state-resource.ts";
import { hasAny, tagList, tagRequirements } from "./state-tags.ts";

/** Name of the table's only key: text. */
const LOCK_KEY = "LockID";

/** A table as far as it matters. */
export interface TableFacts {
  readonly arn: string;
  /** Names of its tags; none where the organization requires none. */
  readonly tagNames: readonly string[];
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

/** The lock table of this name. Tags are only read where `tags` has some. */
export function lockTable(dynamodb: DynamoDBClient, name: string, tags: Tags = {}): StateResource<TableFacts> {
  const update = (change: Omit<UpdateTableCommandInput, "TableName">) => () =>
    dynamodb.send(new UpdateTableCommand({ TableName: name, ...change }));
  return {
    what: "lock table",
    name,
    read: () => readTable(dynamodb, name, hasAny(tags)),
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
      ...tagRequirements<TableFacts>(
        tags,
        ({ tagNames }) => tagNames,
        ({ arn }, missing) => dynamodb.send(new TagResourceCommand({ ResourceArn: arn, Tags: tagList(missing) })),
      ),
    ],
    create: () => createTable(dynamodb, name, tags),
  };
}

async function readTable(dynamodb: DynamoDBClient, name: string, withTags: boolean): Promise<Found<TableFacts>> {
  try {
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    const typeOf = (attribute: string | undefined) =>
      table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === attribute)?.AttributeType;
    const arn = table?.TableArn ?? "";
    const tagging = withTags ? await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: arn })) : undefined;
    return {
      status: "present",
      facts: {
        arn,
        tagNames: (tagging?.Tags ?? []).map(({ Key = "" }) => Key),
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

async function createTable(dynamodb: DynamoDBClient, name: string, tags: Tags): Promise<void> {
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: [{ AttributeName: LOCK_KEY, AttributeType: "S" }],
        KeySchema: [{ AttributeName: LOCK_KEY, KeyType: "HASH" }],
        ...ON_DEMAND,
        ...PROTECTED,
        ...ENCRYPTED,
        ...(hasAny(tags) && { Tags: tagList(tags) }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) {
      throw error;
    }
  }
}
