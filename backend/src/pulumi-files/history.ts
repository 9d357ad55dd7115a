/** Reads a layer's last update from Pulumi's history, which is stored beside the state. */
import { z } from "zod";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { ObjectStore } from "../storage/object-store.ts";

const entry = z.object({
  kind: z.string(),
  result: z.string(),
  /** Seconds since 1970. */
  startTime: z.number(),
  endTime: z.number().optional(),
});

/** One entry of the history: `kind` is such as `update`, `result` such as `succeeded` or `failed`. */
export type Update = z.infer<typeof entry>;

/** The history of this many days is read first. Reading all of it takes a request for every 500 updates. */
const RECENT_DAYS = 30;
const NANOSECONDS_PER_DAY = 86_400n * 1_000_000_000n;

/**
 * The layer's last update, also one without the rollout; undefined when there is none. Updates that the layer's guard refused are
 * skipped: Pulumi records them as failed, but they changed nothing.
 */
export async function lastUpdate(
  store: ObjectStore,
  stack: string,
  layer: LayerName,
  now = Date.now(),
): Promise<Update | undefined> {
  const folder = `.pulumi/history/${layerByName(layer).project}/${stack}/`;
  const since = BigInt(now) * 1_000_000n - BigInt(RECENT_DAYS) * NANOSECONDS_PER_DAY;
  const recent = await entries(store, folder, `${folder}${stack}-${since}`);
  const keys = recent.length > 0 ? recent : await entries(store, folder);
  const refusals = (await store.list(refusalFolder(stack, layer))).map((key) => Number(key.split("/").at(-1)));
  for (const key of keys.toReversed()) {
    const stored = await store.get(key);
    const update = stored === undefined ? undefined : entry.parse(JSON.parse(stored.text));
    if (update !== undefined && !refusals.some((time) => isDuring(update, time))) {
      return update;
    }
  }
  return undefined;
}

/** Names end with the time of the update, so their order is that of the updates. */
async function entries(store: ObjectStore, folder: string, after?: string): Promise<readonly string[]> {
  return (await store.list(folder, after)).filter((key) => key.endsWith(".history.json"));
}

/** Whether an update that did not succeed was running at `time`, in milliseconds since 1970. */
function isDuring({ result, startTime, endTime = startTime }: Update, time: number): boolean {
  return result !== "succeeded" && time >= startTime * 1000 && time < (endTime + 1) * 1000;
}

function refusalFolder(stack: string, layer: LayerName): string {
  return `.rollout/${stack}/refusals/${layer}/`;
}

/** Records that the layer's guard refuses the update running at `time`, in milliseconds since 1970. */
export async function saveRefusal(store: ObjectStore, stack: string, layer: LayerName, time: number): Promise<void> {
  await store.putIf(`${refusalFolder(stack, layer)}${time}`, "", undefined);
}
