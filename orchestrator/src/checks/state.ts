/** Checks that the state's bucket and lock table, or its folder, can be used and are safe. */
import { setUpCommand } from "@proliferate-infra/backend/environment/missing-settings";
import type { Fault } from "@proliferate-infra/backend/fault";
import type { BucketSafety } from "../bootstrap/bucket-safety.ts";
import type { Found } from "../bootstrap/state-resource.ts";
import type { Check, Probe } from "./check.ts";
import { credentialsObstacle } from "./credentials.ts";
import { asFault, notLooked, report, type CheckReport } from "./finding.ts";
import { readStatePlace, type FoundState } from "./read-state-place.ts";

/** Where the state is, or the error that stopped reading it. */
type StatePlace = { readonly found: FoundState } | { readonly error: unknown };

const statePlace: Probe<StatePlace> = ({ subject: { environment } }) =>
  readStatePlace(environment.state, environment.facts?.account).then(
    (found) => ({ found }),
    (error: unknown) => ({ error }),
  );

/** Why a state in AWS cannot be read; undefined when it can. */
const hiddenState: Probe<string | undefined> = async (context) =>
  context.subject.environment.state.kind === "s3" ? context.ask(credentialsObstacle) : undefined;

export const stateCheck: Check = {
  name: "state",
  run: async (context) => {
    const [place, hidden] = await Promise.all([context.ask(statePlace), context.ask(hiddenState)]);
    if (hidden !== undefined) {
      return notLooked("state", hidden);
    }
    return "error" in place
      ? report("state", [asFault(place.error, "The state's bucket or lock table")])
      : judgeState(place.found, context.subject.environment.stack);
  },
};

/** Why the layers' states cannot be read; undefined when they can. */
export const stateObstacle: Probe<string | undefined> = async (context) => {
  const [place, hidden] = await Promise.all([context.ask(statePlace), context.ask(hiddenState)]);
  return hidden ?? ("error" in place || !isReachable(place.found) ? "see state" : undefined);
};

/** Pure. */
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

function isReachable(found: FoundState): boolean {
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
