/** Certificates and DNS records. */
import { ACMClient, ListTagsForCertificateCommand, paginateListCertificates } from "@aws-sdk/client-acm";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { recordsAt } from "../dns-records.ts";
import { hasTags, textOf, theNewOne, type Creation, type Finder } from "./creation.ts";

/** A certificate of the domain that can still become valid and has the layer's tags. */
export const certificate: Finder = (creation, options) =>
  withAwsClient(ACMClient, { region: options.region }, async (client) => {
    const ids: string[] = [];
    const request = { CertificateStatuses: ["PENDING_VALIDATION" as const, "ISSUED" as const] };
    for await (const page of paginateListCertificates({ client }, request)) {
      for (const { DomainName, CertificateArn = "" } of page.CertificateSummaryList ?? []) {
        if (DomainName === creation.inputs.domainName && (await isOurs(client, CertificateArn, creation))) {
          ids.push(CertificateArn);
        }
      }
    }
    return theNewOne(creation, ids);
  });

async function isOurs(client: ACMClient, CertificateArn: string, { defaultTags }: Creation): Promise<boolean> {
  const { Tags = [] } = await client.send(new ListTagsForCertificateCommand({ CertificateArn }));
  return hasTags(Tags, defaultTags);
}

/** Records have no tags. One with the same target is the one that was created. */
export const record: Finder = async (creation, { region }) => {
  const [zone, name, type] = [textOf(creation, "zoneId"), textOf(creation, "name"), textOf(creation, "type")];
  // Route 53 stores names in lower case.
  const records = await recordsAt(zone, withoutDot(name).toLowerCase(), region);
  const wanted = JSON.stringify([creation.inputs.aliases, creation.inputs.records]);
  const isSame = ({ Type, AliasTarget, ResourceRecords = [] }: ResourceRecordSet) =>
    Type === type &&
    [AliasTarget?.DNSName, ...ResourceRecords.map(({ Value }) => Value)].some(
      (target) => target !== undefined && wanted.includes(JSON.stringify(withoutDot(target))),
    );
  return records.some(isSame) ? `${zone}_${name}_${type}` : undefined;
};

/** Names from Route 53 and ACM end with a dot. */
function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}
