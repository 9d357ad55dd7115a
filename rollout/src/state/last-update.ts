/** How a layer's last update ended, from the history that Pulumi keeps beside the state. */
import { z } from "zod";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { ObjectStore } from "../object-store/object-store.ts";

const entry = z.object({ kind: z.string(), result: z.string(), endTime: z.number().optional() });

/** One entry of the history: `kind` is such as `update`, `result` such as `succeeded` or `failed`. */
export type Update = z.infer<typeof entry>;

/** History is looked at from this many days ago on first; all of it takes a request per five hundred updates. */
const RECENT_DAYS = 30;
const NANOSECONDS_PER_DAY = 86_400n * 1_000_000_000n;

/** The layer's last update, whoever made it; undefined when there is none. */
export async function lastUpdate(
  store: ObjectStore,
  stack: string,
  layer: LayerName,
  now = Date.now(),
): Promise<Update | undefined> {
  const folder = `.pulumi/history/${layerByName(layer).project}/${stack}/`;
  const since = BigInt(now) * 1_000_000n - BigInt(RECENT_DAYS) * NANOSECONDS_PER_DAY;
  const recent = await entries(store, folder, `${folder}${stack}-${since}`);
  const key = (recent.length > 0 ? recent : await entries(store, folder)).at(-1);
  const stored = key === undefined ? undefined : await store.get(key);
  return stored === undefined ? undefined : entry.parse(JSON.parse(stored.text));
}

/** Names end in the time of the update, so that they sort by it. */
async function entries(store: ObjectStore, folder: string, after?: string): Promise<readonly string[]> {
  return (await store.list(folder, after)).filter((key) => key.endsWith(".history.json"));
}
