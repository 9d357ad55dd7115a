/** The DynamoDB table that holds the locks of an account's environments. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";

/** Seconds that a new table may take. */
const READY_WITHIN_S = 120;

/** Makes sure that the table exists: one key, paid by use, protected from deletion. */
export async function ensureLockTable(client: DynamoDBClient, table: string): Promise<void> {
  if (await exists(client, table)) {
    return;
  }
  const request = new CreateTableCommand({
    TableName: table,
    AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    DeletionProtectionEnabled: true,
  });
  try {
    await client.send(request);
  } catch (error) {
    // Another set-up was faster.
    if (!(error instanceof ResourceInUseException)) {
      throw error;
    }
  }
  await waitUntilTableExists({ client, maxWaitTime: READY_WITHIN_S, minDelay: 1 }, { TableName: table });
}

async function exists(client: DynamoDBClient, table: string): Promise<boolean> {
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: table }));
    return found?.TableStatus === "ACTIVE";
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      return false;
    }
    throw error;
  }
}
