/** The records of the ledger: one of each run, and one of each layer with its last result and its last successful deployment. */
import { z } from "zod";
import { layerNames } from "@proliferate-infra/shared/layers";
import { fingerprintSchema } from "../model/fingerprint.ts";
import { layerStatuses } from "../model/results.ts";
import { actorSchema } from "../model/run-facts.ts";

const status = z.enum(layerStatuses);
const command = z.enum(["up", "destroy"]);

const origin = {
  schemaVersion: z.literal(1),
  /** Number of the lock under which it was written; a record of a later holder is never overwritten. */
  fencing: z.int().nonnegative(),
  runId: z.string().min(1),
  command,
  by: actorSchema,
  /** Commit of the checkout; null outside git. */
  commit: z.string().nullable(),
};

export const runRecordSchema = z.strictObject({
  ...origin,
  startedAt: z.iso.datetime(),
  /** Missing while it runs, and when it was killed. */
  finishedAt: z.iso.datetime().optional(),
  exitCode: z.int().optional(),
  layers: z.array(
    z.strictObject({
      layer: z.enum(layerNames),
      status,
      reason: z.string().optional(),
      cause: z.enum(layerNames).optional(),
      durationMs: z.number().nonnegative(),
      /** Hashes of the outputs that the layer had afterwards, by name; `--resume` compares them. */
      outputs: z.record(z.string(), z.string()).optional(),
      /** Images of a successful deployment of services, by setting, such as `gatewayImageTag`; for `release --rollback`. */
      images: z.record(z.string(), z.string()).optional(),
    }),
  ),
  /** Layers of the run, in its order. */
  order: z.array(z.enum(layerNames)),
});

export type RunRecord = z.infer<typeof runRecordSchema>;

export const layerRecordSchema = z.strictObject({
  ...origin,
  layer: z.enum(layerNames),
  /** Of the last result. */
  status,
  at: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  reason: z.string().optional(),
  /** The last successful deployment; missing before the first one and after a destroy. */
  good: z
    .strictObject({
      fingerprint: fingerprintSchema,
      at: z.iso.datetime(),
      commit: z.string().nullable(),
      durationMs: z.number().nonnegative(),
      /** Kinds of the outputs that it reads, such as `network.vpcId: text`; safety/contracts.ts compares them. */
      consumed: z.record(z.string(), z.string()),
    })
    .optional(),
});

export type LayerRecord = z.infer<typeof layerRecordSchema>;
