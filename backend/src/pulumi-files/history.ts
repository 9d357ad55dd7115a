/** How a layer's last update ended, from the history that Pulumi keeps beside the state. */
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

/** History is looked at from this many days ago on first; all of it takes a request per five hundred updates. */
const RECENT_DAYS = 30;
const NANOSECONDS_PER_DAY = 86_400n * 1_000_000_000n;

/**
 * The layer's last update, whoever made it; undefined when there is none. One that the layer's own guard refused is none:
 * it touched nothing, though Pulumi calls it failed.
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

/** Names end in the time of the update, so that they sort by it. */
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

/** Keeps that the layer's guard refuses the update that is running at `time`, in milliseconds since 1970. */
export async function saveRefusal(store: ObjectStore, stack: string, layer: LayerName, time: number): Promise<void> {
  await store.putIf(`${refusalFolder(stack, layer)}${time}`, "", undefined);
}
