/** TLS keys of the services layer: domains for which certificates are issued, or existing certificates. */
import { defaulted, optional } from "./setting.ts";
import { atOnce, rolling } from "./effect.ts";
import { bool, text } from "../values/value-kinds.ts";

const services = { layers: ["services"], secret: false } as const;

const hostedZone = text("the id of a public Route 53 hosted zone such as Z0123456789ABCDEFGHIJ", /^Z[A-Z0-9]{1,31}$/);
// ACM takes 64 characters at most in a certificate's first name (RequestCertificate, DomainName).
const domainName = text(
  "a domain name in lower case of at most 64 characters, such as gateway.example.com",
  /^(?=.{1,64}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
);
const certificateArn = text(
  "the ARN of an ACM certificate in the environment's region",
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
);

const domain = (service: string) =>
  optional(domainName, {
    ...services,
    effects: [
      rolling("gateway", "worker"),
      atOnce("Creates or replaces certificate, record and listener. Nothing answers at the former name any more."),
    ],
    description:
      `Domain name of the ${service} in hostedZoneId. Creates a certificate that AWS renews, a DNS record, and an` +
      " HTTPS listener on port 443 with TLS 1.2 or newer; port 80 redirects to it. No extra cost except the zone's.",
  });
const certificate = (service: string) =>
  optional(certificateArn, {
    ...services,
    effects: [atOnce("Creates, changes or deletes the HTTPS listener.")],
    description:
      `Certificate of the ${service} when its DNS name is managed elsewhere. Creates an HTTPS listener on port ` +
      "443 with TLS 1.2 or newer; port 80 redirects to it. Needs the public URL.",
  });

/** Settings of domain names and certificates. */
export const domainSettings = {
  hostedZoneId: optional(hostedZone, {
    ...services,
    effects: [atOnce("Creates the records in the new zone and deletes those in the old one.")],
    description:
      "Zone that gets the records of gatewayDomain and llmProxyDomain. It must be authoritative for them on the " +
      "Internet.",
  }),
  gatewayDomain: domain("gateway"),
  llmProxyDomain: domain("llm-proxy"),
  gatewayCertificateArn: certificate("gateway"),
  llmProxyCertificateArn: certificate("llm-proxy"),
  replaceDnsRecords: defaulted(false, bool, {
    ...services,
    effects: [atOnce("Changes no record of this environment.")],
    description:
      "For the cut-over from another system: replaces an existing A record of gatewayDomain and llmProxyDomain when the " +
      "service's tasks are healthy. Without it, an existing record is refused.",
  }),
  allowPlainHttp: defaulted(false, bool, {
    ...services,
    effects: [atOnce("Changes no resource, only the checks.")],
    description:
      "Accepts plain HTTP in a protected environment: doctor and the policy pack do not warn about missing " +
      "certificates.",
  }),
};
