/** The first part of a report: stateful resources that were, or would be, deleted or replaced. Pure. */
import { isLoss } from "../model/stateful-resources.ts";
import type { RolloutReport } from "./report.ts";

/** A resource of a report, with its layer. */
export interface ReportedResource {
  readonly layer: RolloutReport["layers"][number]["layer"];
  readonly urn: string;
  readonly op: string;
}

/** Stateful resources that were, or would be, deleted or replaced. */
export function statefulLosses({ layers }: RolloutReport): readonly ReportedResource[] {
  return layers.flatMap(({ layer, resources = [] }) =>
    resources.filter(isLoss).map(({ urn, op }) => ({ layer, urn, op })),
  );
}
