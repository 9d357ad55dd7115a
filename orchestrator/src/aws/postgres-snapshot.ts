/** Takes snapshots of Postgres. Import it when it is needed, because it loads the SDK. */
import { CreateDBSnapshotCommand, RDSClient, waitUntilDBSnapshotAvailable } from "@aws-sdk/client-rds";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { callAws } from "@proliferate-infra/backend/aws/call";

/** Longest wait. The first snapshot of a large database takes hours, later ones store only what has changed. */
const MAX_WAIT_SECONDS = 6 * 60 * 60;

export interface SnapshotRequest {
  /** Identifier of the database instance. */
  readonly instance: string;
  readonly snapshot: string;
  /** Undefined: the one that AWS_REGION or the profile names. */
  readonly region: string | undefined;
  /** Ends the wait, which rejects then. AWS completes the snapshot. */
  readonly signal: AbortSignal;
}

/**
 * Takes a snapshot and waits until it can be restored.
 *
 * @throws AwsCallFailed
 */
export async function takeSnapshot({ instance, snapshot, region, signal }: SnapshotRequest): Promise<void> {
  const request = new CreateDBSnapshotCommand({ DBInstanceIdentifier: instance, DBSnapshotIdentifier: snapshot });
  await withAwsClient(RDSClient, { region }, async (client) => {
    await callAws("rds:CreateDBSnapshot", () => client.send(request, { abortSignal: signal }));
    await callAws("rds:DescribeDBSnapshots", () =>
      waitUntilDBSnapshotAvailable(
        { client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 2, maxDelay: 30, abortSignal: signal },
        { DBSnapshotIdentifier: snapshot },
      ),
    );
  });
}
