/**
 * Which stacks a state holds, and what encrypts their secrets, from its objects. Asking `pulumi` takes a second for each
 * layer; the layout is the one that all of Pulumi's self-managed backends share.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { layers, type LayerName } from "@proliferate-infra/shared/layers";
import { z } from "zod";
import { STACKS_FOLDER, type EnvironmentNames } from "../environment/names.ts";
import { PASSPHRASE_PROVIDER } from "./stack-file.ts";

/** A state as objects with keys. */
export interface StateObjects {
  /** Keys below the folder of the stacks, without that folder. */
  list(): Promise<readonly string[]>;
  /** Content of the object with such a key. */
  read(key: string): Promise<Uint8Array>;
}

/** State in a bucket. */
export function stateInBucket(s3: S3Client, { account, state: { bucket, prefix } }: EnvironmentNames): StateObjects {
  const target = { Bucket: bucket, ExpectedBucketOwner: account };
  const folder = `${prefix}/${STACKS_FOLDER}`;
  return {
    async list() {
      // One environment has a handful; the first page holds a thousand.
      const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ ...target, Prefix: folder }));
      return objects.map(({ Key: key = "" }) => key.slice(folder.length));
    },
    async read(key) {
      const { Body: body } = await s3.send(new GetObjectCommand({ ...target, Key: folder + key }));
      return (await body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}

/** State in a folder; an empty one when there is no folder. */
export function stateInFolder(directory: string): StateObjects {
  const folder = join(directory, STACKS_FOLDER);
  return {
    list: () => Promise.resolve(existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : []),
    read: (key) => Promise.resolve(readFileSync(join(folder, key))),
  };
}

/** Layers that have the stack, with the key of its state. */
export async function storedStacks(objects: StateObjects, stack: string): Promise<ReadonlyMap<LayerName, string>> {
  const keys = new Set(await objects.list());
  return new Map(
    layers.flatMap(({ name, project }) => {
      const candidates = [`${project}/${stack}.json`, `${project}/${stack}.json.gz`];
      return candidates.filter((key) => keys.has(key)).map((key): [LayerName, string] => [name, key]);
    }),
  );
}

const checkpointSchema = z.object({
  checkpoint: z.object({
    latest: z
      .object({
        resources: z.array(z.object({ type: z.string() })).optional(),
        secrets_providers: z
          .object({ type: z.string(), state: z.object({ url: z.string().optional() }).nullish() })
          .optional(),
      })
      .nullish(),
  }),
});

/** What a stored stack's state says of it. */
export interface StoredStack {
  /** Undefined when its state does not say. */
  readonly secretsProvider: string | undefined;
  /** Whether it has resources. */
  readonly isDeployed: boolean;
}

/** Reads the state at `key`. */
export async function readStoredStack(objects: StateObjects, key: string): Promise<StoredStack> {
  const content = await objects.read(key);
  const text = Buffer.from(key.endsWith(".gz") ? gunzipSync(content) : content).toString("utf8");
  const { latest } = checkpointSchema.parse(JSON.parse(text)).checkpoint;
  const provider = latest?.secrets_providers;
  return {
    secretsProvider: provider?.type === PASSPHRASE_PROVIDER ? PASSPHRASE_PROVIDER : provider?.state?.url,
    isDeployed: latest?.resources?.some(({ type }) => !type.startsWith("pulumi:")) ?? false,
  };
}
