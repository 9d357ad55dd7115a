/** The steps that make the data layer, in order. */
import type { ProducedDataOutputs } from "@proliferate-infra/shared/contracts/data-outputs";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { createObjectStore } from "./object-store.ts";
import { createDatabase } from "./postgres.ts";
import { createRedis } from "./redis.ts";

/** Creates Redis, Postgres and the bucket. */
export function createDataLayer(scope: LayerScope<"data">): ProducedDataOutputs {
  return { ...createRedis(scope), ...createDatabase(scope), ...createObjectStore(scope) };
}
