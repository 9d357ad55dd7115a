/**
 * The lock as one item of a DynamoDB table, with LockID `<bucket>/<prefix>/<stack>`. It has no time to live: DynamoDB would delete
 * the number that must only grow.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws/client.ts";
import type { S3State } from "../environment/state-url.ts";
import { UserError } from "../errors.ts";
import type { LockRecord } from "./record.ts";
import { parseLock, type LockStore } from "./store.ts";

/** The lock of an environment whose state is in S3. */
export function dynamoDbLockStore({ bucket, prefix, region, lockTable }: S3State, stack: string): LockStore {
  const client = awsClient(DynamoDBClient, { region });
  const id = `${bucket}/${prefix}/${stack}`;
  const place = `${id} in the table ${lockTable}`;
  return {
    read: async () => {
      const request = { TableName: lockTable, Key: { LockID: { S: id } }, ConsistentRead: true };
      const { Item: item } = await client.send(new GetItemCommand(request)).catch(explainMissing(lockTable, stack));
      return item === undefined ? undefined : parseLock(item.Record?.S ?? "", place);
    },
    write: async (next: LockRecord) => {
      const isFirst = next.revision === 1;
      const put = new PutItemCommand({
        TableName: lockTable,
        Item: { LockID: { S: id }, Revision: { N: String(next.revision) }, Record: { S: JSON.stringify(next) } },
        ConditionExpression: isFirst ? "attribute_not_exists(LockID)" : "Revision = :before",
        ...(isFirst ? {} : { ExpressionAttributeValues: { ":before": { N: String(next.revision - 1) } } }),
      });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return false;
        }
        throw error;
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

function explainMissing(table: string, stack: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof ResourceNotFoundException
      ? new UserError(`The lock table ${table} is missing. scripts/setup-pulumi.sh --stack ${stack} creates it.`)
      : error;
  };
}
