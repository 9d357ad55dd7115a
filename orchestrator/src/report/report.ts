/** The report of a command on all its layers, as `--json` prints it. */
import { z } from "zod";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { RunFacts } from "../model/run-facts.ts";
import { exitCodeOf, layerStatuses, type LayerResult, type ResourceStep } from "../model/results.ts";

const count = z.number().int().nonnegative();

/** Schema of the report. `orchestrator/report.schema.json` is generated from it. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string().min(1).describe("Unique id of the run"),
  command: z.enum(["up", "preview", "drift", "destroy"]),
  stack: z.string().min(1),
  commit: z.string().nullable().describe("Commit of the checkout, null outside git"),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  status: z.enum(["succeeded", "failed", "interrupted"]),
  exitCode: z.number().int(),
  layers: z.array(
    z.strictObject({
      layer: z.enum(layerNames),
      status: z.enum(layerStatuses),
      reason: z.string().optional().describe("Why the layer failed"),
      cause: z.enum(layerNames).optional().describe("The failed layer that blocks this one"),
      startMs: z.number().optional().describe("When its engine was started, since the run's start"),
      durationMs: z.number().nonnegative(),
      changes: z.strictObject({ create: count, update: count, replace: count, delete: count, same: count }),
      resources: z
        .array(
          z.strictObject({
            urn: z.string(),
            op: z.string().describe("What was done, in the engine's words"),
            startMs: z.number().describe("Since the run's start"),
            durationMs: z.number().nullable().describe("Null when it never ended"),
            failed: z.boolean(),
          }),
        )
        .optional()
        .describe("Resources that were worked on"),
      unknownInputs: z.array(z.string()).optional().describe("Inputs that exist once another layer is applied"),
      stale: z.array(z.string()).optional().describe("Inputs that have changed since; of drift"),
      unapplied: z.array(z.string()).optional().describe("Code or settings that no deployment has seen; of drift"),
      pending: z.array(z.string()).optional().describe("Changes that AWS has queued until the maintenance window"),
      outputs: z.record(z.string(), z.unknown()).describe("Outputs that are not secret"),
    }),
  ),
});

export type RolloutReport = z.infer<typeof reportSchema>;

export interface ReportFacts extends Pick<RunFacts, "runId" | "commit" | "startedAt"> {
  readonly command: RolloutReport["command"];
  readonly stack: string;
  readonly finishedAt: Date;
}

export function reportOf(facts: ReportFacts, results: readonly LayerResult[]): RolloutReport {
  const exitCode = exitCodeOf(results);
  const { runId, command, stack, commit, startedAt, finishedAt } = facts;
  return {
    schemaVersion: 1,
    ...{ runId, command, stack, commit },
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    status: exitCode === 0 ? "succeeded" : exitCode === 1 ? "failed" : "interrupted",
    exitCode,
    layers: results.map((result) => layerReport(result, startedAt.getTime())),
  };
}

function layerReport(
  { startedAt, resources, unknownInputs, stale, unapplied, pending, changes, outputs, ...result }: LayerResult,
  start: number,
): RolloutReport["layers"][number] {
  return {
    ...result,
    startMs: startedAt === undefined ? undefined : startedAt - start,
    changes: { ...changes },
    resources: resources?.map((step) => stepReport(step, start)),
    unknownInputs: unknownInputs && [...unknownInputs],
    stale: stale && [...stale],
    unapplied: unapplied && [...unapplied],
    pending: pending && [...pending],
    outputs: { ...outputs },
  };
}

function stepReport({ urn, op, startedAt, endedAt, failed }: ResourceStep, start: number) {
  return {
    urn,
    op,
    startMs: startedAt - start,
    durationMs: endedAt === undefined ? null : endedAt - startedAt,
    failed,
  };
}
