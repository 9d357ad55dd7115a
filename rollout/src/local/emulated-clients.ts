/** Clients of the AWS SDK that talk to an emulator, whatever the user's own settings say. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { REGION } from "./local-names.ts";

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

/** Clients for state, lock and key. */
export interface StateClients {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly dynamoDb: DynamoDBClient;
  /** Lets go of their connections, which would keep the process alive for a while. */
  readonly close: () => void;
}

/** Clients for state, lock and key in the emulator at `endpoint`. */
export function stateClients(endpoint: string): StateClients {
  const options = clientOptions(endpoint);
  const clients = { s3: new S3Client(options), kms: new KMSClient(options), dynamoDb: new DynamoDBClient(options) };
  const close = () => {
    Object.values(clients).forEach((client) => {
      client.destroy();
    });
  };
  return { ...clients, close };
}
