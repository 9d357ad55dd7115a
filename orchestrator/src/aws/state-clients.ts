import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";

/** Clients of one account and region. */
export interface StateClients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
}

/** Closes their connections; open ones would delay the end of the process. */
export function destroyClients({ s3, dynamodb, kms }: StateClients): void {
  s3.destroy();
  dynamodb.destroy();
  kms.destroy();
}
