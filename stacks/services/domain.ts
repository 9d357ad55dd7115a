/** A service's own domain: a certificate that AWS issues for it, validated by DNS, and the record that leads to the service. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceDomain } from "./service-definitions.ts";

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
 * Lets the domain lead to the load balancer. A record that is there already is not overwritten: it is something else's. IPv4
 * only, as the load balancer is.
 */
export function createAliasRecord(
  service: string,
  { name, hostedZoneId }: ServiceDomain,
  loadBalancer: aws.lb.LoadBalancer,
  parent: pulumi.Resource,
): void {
  new aws.route53.Record(
    `${service}-alias-record`,
    {
      zoneId: hostedZoneId,
      name,
      type: "A",
      aliases: [{ name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true }],
    },
    { parent },
  );
}
