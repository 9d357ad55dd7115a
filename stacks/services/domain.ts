/** A service's own domain: a certificate that AWS issues for it, validated by DNS, and the record that leads to the service. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { PublicServiceDefinition, ServiceDomain } from "./service-definitions.ts";

/** Seconds that resolvers keep the record that proves the domain's ownership; AWS looks at it with each renewal. */
const VALIDATION_TTL_SECONDS = 300;

/**
 * AWS issues within minutes when the zone answers for the domain. When it does not, nothing ever comes, and the provider
 * would wait for 75 minutes.
 */
const VALIDATION_TIMEOUT = "30m";

/**
 * Requests a certificate for the domain and proves that the domain is ours. Returns the certificate's ARN once it is issued,
 * so that no listener gets one that is not. Another domain makes a new certificate before the old one goes.
 */
export function createCertificate(
  service: string,
  { name, hostedZoneId }: ServiceDomain,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const certificate = new aws.acm.Certificate(
    `${service}-certificate`,
    { domainName: name, validationMethod: "DNS" },
    { parent },
  );
  const proof = certificate.domainValidationOptions.apply(([first]) => {
    if (first === undefined) {
      throw new Error(`AWS does not say how to prove that ${name} is ours; run the same command again.`);
    }
    return first;
  });
  const record = new aws.route53.Record(
    `${service}-certificate-record`,
    {
      zoneId: hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: VALIDATION_TTL_SECONDS,
      // Account and domain alone decide the record, so one that an earlier certificate left says the same.
      allowOverwrite: true,
    },
    { parent },
  );
  const validation = new aws.acm.CertificateValidation(
    `${service}-certificate-validation`,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    { parent, customTimeouts: { create: VALIDATION_TIMEOUT } },
  );
  return validation.certificateArn;
}

/**
 * Points a service's domain to its load balancer. Does nothing for a service without a domain. IPv4 only, as the load balancer is.
 *
 * With `replaceDnsRecords`, a record of the previous system is replaced, and only when `tasks` are stable: until then it
 * serves. Otherwise it comes early: a resolver that found no record remembers that for minutes (RFC 2308).
 */
export function createAliasRecord(
  { settings: { replaceDnsRecords } }: LayerScope<"services">,
  { name: service, domain, imageTag }: PublicServiceDefinition,
  loadBalancer: pulumi.Resource & { readonly aliasTarget: aws.types.input.route53.RecordAlias },
  tasks: pulumi.Resource,
): void {
  // Without an image there are no tasks that could replace those of the previous system.
  if (domain === undefined || (replaceDnsRecords && imageTag === undefined)) {
    return;
  }
  new aws.route53.Record(
    `${service}-alias-record`,
    {
      zoneId: domain.hostedZoneId,
      name: domain.name,
      type: "A",
      aliases: [loadBalancer.aliasTarget],
      ...(replaceDnsRecords && { allowOverwrite: true }),
    },
    { parent: loadBalancer, ...(replaceDnsRecords && { dependsOn: tasks }) },
  );
}
