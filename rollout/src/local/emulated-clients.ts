/** Clients of the AWS SDK that talk to an emulator, whatever the user's own settings say. */
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

/** Clients for state and key. `destroy()` them, or their connections keep the process alive for a while. */
export function stateClients(endpoint: string): { readonly s3: S3Client; readonly kms: KMSClient } {
  return { s3: new S3Client(clientOptions(endpoint)), kms: new KMSClient(clientOptions(endpoint)) };
}
