/** Certificates and DNS records. */
import { ACMClient, ListTagsForCertificateCommand, paginateListCertificates } from "@aws-sdk/client-acm";
import { ListResourceRecordSetsCommand, Route53Client, type RRType } from "@aws-sdk/client-route-53";
import { textOf, theNewOne, withClient, type Creation, type Finder } from "./creation.ts";

/** A certificate of the domain that can still become valid and has the layer's tags. */
export const certificate: Finder = (creation, options) =>
  withClient(ACMClient, options, async (client) => {
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
  return Object.entries(defaultTags).every(([key, value]) =>
    Tags.some(({ Key, Value }) => Key === key && Value === value),
  );
}

/** Records have no tags. One with the same target is the one that was created. */
export const record: Finder = (creation, options) =>
  withClient(Route53Client, options, async (client) => {
    const [zone, name, type] = [textOf(creation, "zoneId"), textOf(creation, "name"), textOf(creation, "type")];
    const request = { HostedZoneId: zone, StartRecordName: name, StartRecordType: type as RRType, MaxItems: 1 };
    const { ResourceRecordSets = [] } = await client.send(new ListResourceRecordSetsCommand(request));
    const [found] = ResourceRecordSets.filter(({ Name = "", Type }) => isSameName(Name, name) && Type === type);
    const targets = [found?.AliasTarget?.DNSName, ...(found?.ResourceRecords ?? []).map(({ Value }) => Value)];
    const wanted = JSON.stringify([creation.inputs.aliases, creation.inputs.records]);
    const isSame = targets.some(
      (target) => target !== undefined && wanted.includes(JSON.stringify(withoutDot(target))),
    );
    return isSame ? `${zone}_${name}_${type}` : undefined;
  });

/** Route 53 answers with lower-case names that end with a dot. */
function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}

function isSameName(one: string, other: string): boolean {
  return withoutDot(one).toLowerCase() === withoutDot(other).toLowerCase();
}
