/** Clients for state bucket, lock table and key. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { awsClient, type ClientOptions } from "@proliferate-infra/backend/aws/client";

/** Clients of one account and region. */
export interface StateClients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
}

/** New clients. `destroyClients` ends their connections. */
export function stateClients(options: ClientOptions): StateClients {
  return {
    s3: awsClient(S3Client, options),
    dynamodb: awsClient(DynamoDBClient, options),
    kms: awsClient(KMSClient, options),
  };
}

/** Closes their connections; open ones would delay the end of the process. */
export function destroyClients({ s3, dynamodb, kms }: StateClients): void {
  s3.destroy();
  dynamodb.destroy();
  kms.destroy();
}
