/** Clients of the AWS SDK that talk to an emulator, whatever the user's own settings say. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type { StateClients } from "../../aws/state-clients.ts";
import { REGION } from "@proliferate-infra/backend/environment/local-names";

/** Nobody's credentials; the emulator accepts any. */
export const EMULATED_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" } as const;

/** Options of any client. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof EMULATED_CREDENTIALS;
}

/** Options with which a client talks to the emulator at `endpoint`. */
export function clientOptions(endpoint: string): ClientOptions {
  return { endpoint, region: REGION, credentials: EMULATED_CREDENTIALS };
}

/** Clients for bucket, lock table and key. `destroyClients` ends their connections. */
export function stateClients(endpoint: string): StateClients {
  const options = clientOptions(endpoint);
  return { s3: new S3Client(options), dynamodb: new DynamoDBClient(options), kms: new KMSClient(options) };
}
