/** Checks that no record of something else, such as the previous environment, has the name of a service's domain. */
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { publicServiceKeys } from "@proliferate-infra/shared/services";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { Fault } from "@proliferate-infra/backend/fault";
import { readState } from "@proliferate-infra/backend/pulumi-files/read-states";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import type { Check, CheckContext } from "./check.ts";
import { credentialsObstacle } from "./credentials.ts";
import { asFault, notLooked, report, type CheckReport } from "./finding.ts";
import { stateObstacle } from "./state.ts";

/** What is found at a domain's name. */
export interface FoundRecords {
  /** Such as `gateway.example.com`. */
  readonly domain: string;
  readonly records: readonly ResourceRecordSet[];
  /** Whether the A record belongs to this environment. */
  readonly isOurs: boolean;
}

export const domainsCheck: Check = {
  name: "domains",
  run: async (context) => {
    const zoneId = settingIn(context, "hostedZoneId");
    const domains = publicServiceKeys.flatMap((service) => settingIn(context, `${service}Domain`) ?? []);
    const region = context.regions.get("services");
    if (zoneId === undefined || region === undefined || domains.length === 0) {
      return report("domains", []);
    }
    const obstacle = (await context.ask(credentialsObstacle)) ?? (await context.ask(stateObstacle));
    if (obstacle !== undefined) {
      return notLooked("domains", obstacle);
    }
    const { environment } = context.subject;
    try {
      const found = await findRecords(context, zoneId, domains, region);
      return judgeDomains(found, environment.stack, settingIn(context, "replaceDnsRecords") === "true");
    } catch (error) {
      return report("domains", [asFault(error, `The records of ${zoneId}`)]);
    }
  },
};

function settingIn({ files }: CheckContext, key: SettingKey): string | undefined {
  const services = files.files.find(({ layer }) => layer === "services");
  return services?.configuration.values.get(fullKey("services", key))?.text;
}

async function findRecords(
  { subject: { environment } }: CheckContext,
  zoneId: string,
  domains: readonly string[],
  region: string,
): Promise<readonly FoundRecords[]> {
  const { recordsAt } = await import("../aws/dns-records.ts");
  const { state, stack } = environment;
  const { resources } = await withObjectStore(state, (store) => readState(store, stack, "services"));
  const ids = new Set(resources.map(({ id }) => id));
  return Promise.all(
    domains.map(async (domain) => ({
      domain,
      records: await recordsAt(zoneId, domain, region),
      // The AWS provider's id of a record: zone, name and type.
      isOurs: ids.has(`${zoneId}_${domain}_A`),
    })),
  );
}

/** `replaces`: the setting `replaceDnsRecords`. Pure. */
export function judgeDomains(found: readonly FoundRecords[], stack: string, replaces: boolean): CheckReport {
  return report(
    "domains",
    found.flatMap(({ domain, records, isOurs }) => (isOurs ? [] : obstacles(domain, records, stack, replaces))),
    found.flatMap(({ domain, records }) => ipv6Warnings(domain, records)),
  );
}

function obstacles(
  domain: string,
  records: readonly ResourceRecordSet[],
  stack: string,
  replaces: boolean,
): readonly Fault[] {
  return records.flatMap((record) => {
    if (record.Type !== "A" && record.Type !== "CNAME") {
      return [];
    }
    const message = `${domain} has a record that this environment did not create: ${recordText(record)}.`;
    // Route 53 replaces only a record of the same name, type and set identifier (ChangeResourceRecordSets, UPSERT).
    if (record.Type === "CNAME" || record.SetIdentifier !== undefined) {
      const fix = `First replace it with a simple A record for the same target: delete and create it in one change of the zone.`;
      return [{ message, fix }];
    }
    const fix =
      "To replace it when the service's tasks are healthy:\n" +
      `./rollout configure set replaceDnsRecords=true --stack ${stack}`;
    return replaces ? [] : [{ message, fix }];
  });
}

/** The services' record is for IPv4 only. */
function ipv6Warnings(domain: string, records: readonly ResourceRecordSet[]): readonly Fault[] {
  return records
    .filter(({ Type }) => Type === "AAAA")
    .map((record) => ({
      message: `${domain} has a record for IPv6: ${recordText(record)}. Clients with IPv6 do not reach this environment.`,
      fix: "Delete this record after the deployment.",
    }));
}

function recordText({ Type, SetIdentifier, AliasTarget, ResourceRecords = [] }: ResourceRecordSet): string {
  const targets = AliasTarget === undefined ? ResourceRecords.map(({ Value }) => Value) : [AliasTarget.DNSName];
  const set = SetIdentifier === undefined ? "" : ` (set identifier ${SetIdentifier})`;
  return `${Type} to ${targets.join(", ")}${set}`;
}
