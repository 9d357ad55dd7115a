/** Whether the place of the state can be used and is safe: bucket and lock table, or folder. Pure; see read-state-place.ts. */
import type { FileState, S3State } from "@proliferate-infra/backend/environment/state-url";
import { setUpCommand } from "@proliferate-infra/backend/environment/missing-settings";
import type { Fault } from "@proliferate-infra/backend/fault";
import type { BucketSafety } from "../bootstrap/bucket-safety.ts";
import type { PlanItem } from "../bootstrap/plan-item.ts";
import type { Found } from "../bootstrap/state-resource.ts";
import { report, type CheckReport } from "./finding.ts";

/** What there is. */
export type FoundState =
  | {
      readonly kind: "s3";
      readonly place: S3State;
      readonly bucket: Found<BucketSafety>;
      /** What a set-up would do about the lock table. */
      readonly lockTable: PlanItem;
    }
  | { readonly kind: "file"; readonly place: FileState; readonly isWritable: boolean };

/** What is wrong with it. */
export function judgeState(found: FoundState, stack: string): CheckReport {
  const fix = setUpCommand(stack);
  if (found.kind === "file") {
    const message = `The state's folder ${found.place.directory} is missing, or cannot be written.`;
    return report("state", found.isWritable ? [] : [{ message, fix }]);
  }
  const { place, bucket, lockTable } = found;
  const bucketFaults = bucketErrors(bucket).map((what) => ({
    message: `The state's bucket ${place.bucket} ${what}.`,
    fix,
  }));
  const tableFault = (what: string): Fault => ({ message: `The lock table ${place.lockTable} ${what}.`, fix });
  switch (lockTable.action) {
    case "create":
      return report("state", [...bucketFaults, tableFault("does not exist")]);
    case "refuse":
      return report("state", [...bucketFaults, ...lockTable.details.map(tableFault)]);
    case "fix": {
      const what = `is not as it should be; the set-up would ${lockTable.details.join(", ")}`;
      return report("state", bucketFaults, [tableFault(what)]);
    }
    case "keep":
      return report("state", bucketFaults);
  }
}

/** Whether states can be read there. */
export function isReachable(found: FoundState): boolean {
  return found.kind === "file" || found.bucket.status === "present";
}

function bucketErrors(bucket: Found<BucketSafety>): readonly string[] {
  switch (bucket.status) {
    case "absent":
      return ["does not exist"];
    case "unusable":
      return bucket.reasons;
    case "present": {
      const { keepsVersions, encryption, isClosed } = bucket.facts;
      return [
        ...(keepsVersions ? [] : ["does not keep old versions of the states"]),
        ...(encryption === undefined ? ["does not encrypt the states"] : []),
        ...(isClosed ? [] : ["does not block all public access"]),
      ];
    }
  }
}
