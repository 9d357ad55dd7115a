/** A public load balancer before one service. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import { createAliasRecord, createCertificate } from "./domain.ts";
import type { ServiceDefinition } from "./service-definitions.ts";

/** TLS 1.2 and 1.3 only. Always written, because the API's own default is from 2016. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Time, in seconds, that a stopping task keeps its open requests; LLM answers stream for minutes. */
const DEREGISTRATION_DELAY_SECONDS = 300;

/** Inputs of a public load balancer. */
export interface PublicLoadBalancerArgs {
  readonly resourcePrefix: string;
  readonly service: ServiceDefinition;
  readonly vpcId: pulumi.Input<string>;
  readonly publicSubnetIds: pulumi.Input<string[]>;
  readonly securityGroupId: pulumi.Input<string>;
  /** How long a connection may be silent. */
  readonly idleTimeoutSeconds: number;
  readonly protect: boolean;
  /** Bucket of access logs; undefined: there are none. */
  readonly accessLogsBucket: string | undefined;
}

/** Load balancer, target group and listeners of one service. */
export class PublicLoadBalancer extends pulumi.ComponentResource {
  /** URL at the service's domain, else at the load balancer's own name; `https` when it has a certificate. */
  readonly url: pulumi.Output<string>;
  readonly targetGroup: aws.lb.TargetGroup;
  /** How CloudWatch's metrics call the load balancer. */
  readonly metricName: pulumi.Output<string>;
  /** Must exist before a service can use the target group. */
  readonly listeners: readonly aws.lb.Listener[];

  constructor(name: string, args: PublicLoadBalancerArgs, options: pulumi.ComponentResourceOptions) {
    super("proliferate:services:PublicLoadBalancer", name, {}, options);
    const loadBalancer = this.createLoadBalancer(args);
    this.targetGroup = this.createTargetGroup(args);
    const { name: service, domain, certificateArn: ownCertificate } = args.service;
    const certificateArn = domain === undefined ? ownCertificate : createCertificate(service, domain, this);
    this.listeners = this.createListeners(service, loadBalancer, certificateArn);
    this.metricName = loadBalancer.arnSuffix;
    if (domain !== undefined) {
      createAliasRecord(service, domain, loadBalancer, this);
    }
    const scheme = certificateArn === undefined ? "http" : "https";
    this.url = pulumi.interpolate`${scheme}://${domain?.name ?? loadBalancer.dnsName}`;
    this.registerOutputs({ url: this.url });
  }

  private createLoadBalancer(args: PublicLoadBalancerArgs): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      physicalName("loadBalancer", args.resourcePrefix, args.service.name),
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: args.publicSubnetIds,
        securityGroups: [args.securityGroupId],
        idleTimeout: args.idleTimeoutSeconds,
        // Also drops headers with underscores.
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.protect,
        ...(args.accessLogsBucket !== undefined && {
          accessLogs: {
            enabled: true,
            bucket: args.accessLogsBucket,
            prefix: physicalName("service", args.resourcePrefix, args.service.name),
          },
        }),
      },
      { parent: this, protect: args.protect },
    );
  }

  /** Auto-named: a target group in use can only be replaced by one of another name. */
  private createTargetGroup({ resourcePrefix, service, vpcId }: PublicLoadBalancerArgs): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      physicalName("targetGroup", resourcePrefix, service.name, "tg"),
      {
        targetType: "ip",
        protocol: "HTTP",
        port: service.port,
        vpcId,
        deregistrationDelay: DEREGISTRATION_DELAY_SECONDS,
        healthCheck: {
          protocol: "HTTP",
          path: service.healthPath,
          matcher: "200",
          interval: 15,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      },
      { parent: this },
    );
  }

  private createListeners(
    name: string,
    loadBalancer: aws.lb.LoadBalancer,
    certificateArn: pulumi.Input<string> | undefined,
  ) {
    const forward = { type: "forward", targetGroupArn: this.targetGroup.arn };
    const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
    const http = new aws.lb.Listener(
      `${name}-http-listener`,
      {
        loadBalancerArn: loadBalancer.arn,
        protocol: "HTTP",
        port: 80,
        defaultActions: [certificateArn === undefined ? forward : redirect],
      },
      { parent: this },
    );
    if (certificateArn === undefined) {
      return [http];
    }
    const https = new aws.lb.Listener(
      `${name}-https-listener`,
      {
        loadBalancerArn: loadBalancer.arn,
        protocol: "HTTPS",
        port: 443,
        certificateArn,
        sslPolicy: TLS_POLICY,
        defaultActions: [forward],
      },
      { parent: this },
    );
    return [http, https];
  }
}
