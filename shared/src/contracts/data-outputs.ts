/** What the data layer exports. Read by secrets and services. */
import { z } from "zod";
import { defineContract, type ProducedOutputs } from "./contract.ts";
import { hostName, nonEmptyText, port, urlWithScheme } from "../values/value-shapes.ts";

/** Contract of the data layer. */
export const dataContract = defineContract({
  layer: "data",
  secretKeys: ["databaseUrl"],
  consumers: {
    secrets: ["databaseUrl", "redisUrl", "redisUrlIsSecret"],
    services: ["redisUrl", "redisUrlIsSecret", "databaseInstanceId", "redisNodeIds"],
  },
  deprecated: {},
  schema: () =>
    z.object({
      /** Host name of Redis (its primary endpoint with replication). */
      redisEndpoint: hostName,
      /** Port of Redis. */
      redisPort: port,
      /** `redis://` or, with TLS, `rediss://` URL. A secret as soon as it carries a token. */
      redisUrl: urlWithScheme("redis", "rediss"),
      /** Whether `redisUrl` carries a token, so that consumers pass it on as a secret. */
      redisUrlIsSecret: z.boolean(),
      /** Cache clusters that Redis consists of, as CloudWatch's metrics call them. */
      redisNodeIds: z.array(nonEmptyText).optional(),
      /** Identifier of the RDS instance; absent where the database is managed elsewhere. */
      databaseInstanceId: nonEmptyText.optional(),
      /** Host name of Postgres. */
      databaseEndpoint: hostName,
      /** Port of Postgres. */
      databasePort: port,
      /** Secret. `postgresql://` URL with user and password percent-encoded, without TLS parameters unless an override has them. */
      databaseUrl: urlWithScheme("postgres", "postgresql"),
    }),
});

/** What the data layer's program returns. */
export type ProducedDataOutputs = ProducedOutputs<typeof dataContract>;
