/** Whether the place of the state can be used and is safe: bucket and lock table, or folder. Pure; see read-state-place.ts. */
import type { FileState, S3State } from "@proliferate-infra/backend/environment/state-url";
import type { Fault } from "@proliferate-infra/backend/fault";
import type { BucketAbsence, BucketSafety } from "../bootstrap/bucket-plan.ts";
import { planLockTable, tableRepairTexts, type FoundTable } from "../bootstrap/lock-table-plan.ts";
import { report, setUpCommand, type CheckReport } from "./finding.ts";

/** What there is. */
export type FoundState =
  | {
      readonly kind: "s3";
      readonly place: S3State;
      readonly bucket: BucketSafety | BucketAbsence;
      readonly lockTable: FoundTable;
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
  const tableFault = (what: string): Fault => ({ message: `The lock table ${place.lockTable} ${what}.`, fix });
  const plan = planLockTable(lockTable);
  const refused = plan.action === "refuse" ? plan.differences : plan.action === "create" ? ["does not exist"] : [];
  const repairs = plan.action === "adopt" ? plan.repairs.map((each) => tableRepairTexts[each]) : [];
  return report(
    "state",
    [...bucketFaults(place, bucket, fix), ...refused.map(tableFault)],
    repairs.length > 0 ? [tableFault(`is not as it should be; the set-up would ${repairs.join(", ")}`)] : [],
  );
}

/** Whether states can be read there. */
export function isReachable(found: FoundState): boolean {
  return found.kind === "file" || found.bucket.kind === "bucket";
}

function bucketFaults({ bucket: name, region }: S3State, bucket: BucketSafety | BucketAbsence, fix: string) {
  const fault = (what: string): Fault => ({ message: `The state's bucket ${name} ${what}.`, fix });
  switch (bucket.kind) {
    case "absent":
      return [fault("does not exist")];
    case "forbidden":
      return [fault("belongs to another account, or these credentials may not see it")];
    case "elsewhere":
      return [fault(`is not in ${region}`)];
    case "bucket":
      return [
        ...(bucket.keepsVersions ? [] : [fault("does not keep old versions of the states")]),
        ...(bucket.encryption === undefined ? [fault("does not encrypt the states")] : []),
        ...(bucket.isClosed ? [] : [fault("does not block all public access")]),
      ];
  }
}
