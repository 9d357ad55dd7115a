/** Keys of the services layer about TLS: domains with certificates of their own, or certificates that are there. */
import { defaulted, optional } from "./setting.ts";
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
    description:
      `Name of the ${service} in hostedZoneId: a certificate that renews itself, TLS 1.2 or newer on 443, 80 redirects, ` +
      "and a record to the load balancer. No extra cost beside the zone's.",
  });
const certificate = (service: string) =>
  optional(certificateArn, {
    ...services,
    description: `Certificate of the ${service}, where its name is managed elsewhere: TLS 1.2 or newer on 443, and 80 redirects. Needs the public URL.`,
  });

/** Settings of names and certificates. */
export const domainSettings = {
  hostedZoneId: optional(hostedZone, {
    ...services,
    description: "Zone in which gatewayDomain and llmProxyDomain are made; it must answer for them on the internet.",
  }),
  gatewayDomain: domain("gateway"),
  llmProxyDomain: domain("llm-proxy"),
  gatewayCertificateArn: certificate("gateway"),
  llmProxyCertificateArn: certificate("llm-proxy"),
  allowPlainHttp: defaulted(false, bool, {
    ...services,
    description:
      "A protected environment without certificates is meant to be so: neither doctor nor the policy pack warns of it.",
  }),
};
