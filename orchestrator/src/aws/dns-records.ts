/** Reads records of a Route 53 zone. Import it when it is needed, because it loads the SDK. */
import { ListResourceRecordSetsCommand, Route53Client, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { callAws } from "@proliferate-infra/backend/aws/call";
import { awsClient } from "@proliferate-infra/backend/aws/client";

/** Most records that one name has: one of each type, and several weighted ones. */
const MAX_RECORDS = 100;

/**
 * The records with exactly this name.
 *
 * @throws AwsCallFailed
 */
export async function recordsAt(zoneId: string, name: string, region: string): Promise<readonly ResourceRecordSet[]> {
  const route53 = awsClient(Route53Client, { region });
  const request = new ListResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    StartRecordName: name,
    MaxItems: MAX_RECORDS,
  });
  try {
    const { ResourceRecordSets: records = [] } = await callAws("route53:ListResourceRecordSets", () =>
      route53.send(request),
    );
    return records.filter(({ Name }) => Name === `${name}.`);
  } finally {
    route53.destroy();
  }
}
