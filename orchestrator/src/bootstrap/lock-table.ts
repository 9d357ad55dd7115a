/** The lock table: what is there, and the calls that carry its plan out. */
import { setTimeout } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { UserError } from "@proliferate-infra/backend/errors";
import { LOCK_KEY, type FoundTable, type TableRepair } from "./lock-table-plan.ts";

/** What there is under the table's name. */
export async function readLockTable(
  dynamodb: DynamoDBClient,
  { state }: Pick<EnvironmentNames, "state">,
): Promise<FoundTable> {
  const table = await describe(dynamodb, state.lockTable);
  if (table === undefined) {
    return { kind: "absent" };
  }
  const typeOf = (name: string | undefined) =>
    table.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return {
    kind: "table",
    status: table.TableStatus ?? "unknown",
    key: (table.KeySchema ?? []).map(({ AttributeName: name, KeyType }) => `${name} ${typeOf(name)} ${KeyType}`),
    isOnDemand: table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST",
    isProtected: table.DeletionProtectionEnabled === true,
    isEncryptedByKms: table.SSEDescription?.Status === "ENABLED" || table.SSEDescription?.Status === "UPDATING",
  };
}

async function describe(dynamodb: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    return table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      return undefined;
    }
    throw error;
  }
}

/** Creates the table. One that another set-up has just created is as good. */
export async function createLockTable(dynamodb: DynamoDBClient, { state }: EnvironmentNames): Promise<void> {
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: state.lockTable,
        AttributeDefinitions: [{ AttributeName: LOCK_KEY, AttributeType: "S" }],
        KeySchema: [{ AttributeName: LOCK_KEY, KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        SSESpecification: { Enabled: true },
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) {
      throw error;
    }
  }
}

const ACTIVE_WITHIN_MS = 120_000;
const PAUSE_MS = 1000;

/** The SDK's own waiter would also wait on after an error that ends nothing, such as expired credentials. */
async function untilActive(dynamodb: DynamoDBClient, name: string): Promise<void> {
  for (let waited = 0; waited < ACTIVE_WITHIN_MS; waited += PAUSE_MS) {
    const table = await describe(dynamodb, name);
    if (table?.TableStatus === "ACTIVE") {
      return;
    }
    await setTimeout(PAUSE_MS);
  }
  throw new UserError(`The lock table ${name} is still not active. Run the same command again in some minutes.`);
}

/** Makes one change. DynamoDB takes one at a time, so each waits for the one before. */
export async function repairLockTable(
  dynamodb: DynamoDBClient,
  names: EnvironmentNames,
  fix: TableRepair,
): Promise<void> {
  const target = { TableName: names.state.lockTable };
  await untilActive(dynamodb, target.TableName);
  switch (fix) {
    case "on-demand":
      await dynamodb.send(new UpdateTableCommand({ ...target, BillingMode: "PAY_PER_REQUEST" }));
      return;
    case "deletion-protection":
      await dynamodb.send(new UpdateTableCommand({ ...target, DeletionProtectionEnabled: true }));
      return;
    case "encryption":
      await dynamodb.send(new UpdateTableCommand({ ...target, SSESpecification: { Enabled: true } }));
  }
}
