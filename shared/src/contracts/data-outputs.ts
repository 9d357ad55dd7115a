/** Outputs of the data layer. The layers secrets and services read them. */
import { z } from "zod";
import { commonSettings } from "./common-settings-output.ts";
import { defineContract, type ProducedOutputs } from "./contract.ts";
import { hostName, nonEmptyText, port, urlWithScheme } from "../values/value-shapes.ts";

export const dataContract = defineContract({
  layer: "data",
  secretKeys: ["databaseUrl"],
  consumers: {
    secrets: ["databaseUrl", "redisUrl", "redisUrlIsSecret"],
    services: ["redisUrl", "redisUrlIsSecret", "databaseInstanceId", "redisNodeIds", "s3BucketName", "s3BucketArn"],
  },
  deprecated: {},
  schema: () =>
    z.object({
      /** Host name of Redis (its primary endpoint with replication). */
      redisEndpoint: hostName,
      redisPort: port,
      /** `redis://` or, with TLS, `rediss://` URL. Secret when it contains a token. */
      redisUrl: urlWithScheme("redis", "rediss"),
      /** Whether `redisUrl` contains a token. Consumers must then treat it as a secret. */
      redisUrlIsSecret: z.boolean(),
      /** Ids of Redis's cache clusters, as in CloudWatch's metrics. */
      redisNodeIds: z.array(nonEmptyText).optional(),
      /** Identifier of the RDS instance; absent when the database is managed elsewhere. */
      databaseInstanceId: nonEmptyText.optional(),
      databaseEndpoint: hostName,
      databasePort: port,
      /**
       * Secret. `postgresql://` URL with percent-encoded user and password. TLS parameters only if an override has
       * them.
       */
      databaseUrl: urlWithScheme("postgres", "postgresql"),
      /** Name of the application's bucket; absent without createS3Bucket. */
      s3BucketName: nonEmptyText.optional(),
      /** ARN of the application's bucket; absent without createS3Bucket. It names neither region nor account. */
      s3BucketArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$/, "must be the ARN of a bucket")
        .optional(),
      commonSettings,
    }),
});

export type ProducedDataOutputs = ProducedOutputs<typeof dataContract>;
