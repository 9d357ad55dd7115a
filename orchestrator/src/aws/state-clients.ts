/** Clients for state bucket, lock table and key. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";

/** Clients of one account and region. */
export interface StateClients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
}

/** Where clients find AWS and with whose credentials, unless the user's own settings shall say it. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** New clients. `destroyClients` ends their connections. */
export function stateClients(options: ClientOptions): StateClients {
  return { s3: new S3Client(options), dynamodb: new DynamoDBClient(options), kms: new KMSClient(options) };
}

/** Closes their connections; open ones would delay the end of the process. */
export function destroyClients({ s3, dynamodb, kms }: StateClients): void {
  s3.destroy();
  dynamodb.destroy();
  kms.destroy();
}
