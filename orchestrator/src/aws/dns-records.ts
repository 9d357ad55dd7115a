/** Reads records of a Route 53 zone. Import it when it is needed, because it loads the SDK. */
import { ListResourceRecordSetsCommand, Route53Client, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { callAws } from "@proliferate-infra/backend/aws/call";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";

/** Most records that one name has: one of each type, and several weighted ones. */
const MAX_RECORDS = 100;

/**
 * The records with exactly this name.
 *
 * @param region undefined: the one that AWS_REGION or the profile names
 * @throws AwsCallFailed
 */
export async function recordsAt(
  zoneId: string,
  name: string,
  region: string | undefined,
): Promise<readonly ResourceRecordSet[]> {
  const request = new ListResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    StartRecordName: name,
    MaxItems: MAX_RECORDS,
  });
  const { ResourceRecordSets: records = [] } = await withAwsClient(Route53Client, { region }, (route53) =>
    callAws("route53:ListResourceRecordSets", () => route53.send(request)),
  );
  return records.filter(({ Name }) => Name === `${name}.`);
}
