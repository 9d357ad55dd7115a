/** Reads where the state is stored, with the permissions of a role that deploys. Changes nothing. */
import { access, constants } from "node:fs/promises";
import type { FileState, S3State, StateLocation } from "@proliferate-infra/backend/environment/state-url";
import type { BucketSafety } from "../bootstrap/bucket-safety.ts";
import type { PlanItem } from "../bootstrap/plan-item.ts";
import { readPlan, type Found } from "../bootstrap/state-resource.ts";

/** The state's bucket and lock table, or its folder. */
export type FoundState =
  | {
      readonly kind: "s3";
      readonly place: S3State;
      readonly bucket: Found<BucketSafety>;
      /** What a set-up would do about the lock table. */
      readonly lockTable: PlanItem;
    }
  | { readonly kind: "file"; readonly place: FileState; readonly isWritable: boolean };

/** `account` must own the bucket; undefined when the account is not known. */
export async function readStatePlace(place: StateLocation, account: string | undefined): Promise<FoundState> {
  if (place.kind === "s3") {
    return readBucketAndTable(place, account);
  }
  const mode = constants.R_OK | constants.W_OK | constants.X_OK;
  const isWritable = await access(place.directory, mode).then(
    () => true,
    () => false,
  );
  return { kind: "file", place, isWritable };
}

async function readBucketAndTable(place: S3State, account: string | undefined): Promise<FoundState> {
  const [{ destroyClients, stateClients }, { findBucket, readBucketSafety }, { lockTable }] = await Promise.all([
    import("../aws/state-clients.ts"),
    import("../bootstrap/bucket-safety.ts"),
    import("../bootstrap/lock-table.ts"),
  ]);
  const { region } = place;
  const clients = stateClients({ region });
  const target = { Bucket: place.bucket, ExpectedBucketOwner: account };
  try {
    const [bucket, table] = await Promise.all([
      findBucket(region, () => readBucketSafety(clients.s3, target)),
      readPlan(lockTable(clients.dynamodb, place.lockTable)),
    ]);
    return { kind: "s3", place, bucket, lockTable: table };
  } finally {
    destroyClients(clients);
  }
}
