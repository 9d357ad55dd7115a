/** A public load balancer before one service. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TLS_POLICY } from "@proliferate-infra/shared/aws/end-dates";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceName } from "@proliferate-infra/shared/services";
import { createCertificate } from "./domain.ts";
import type { PublicServiceDefinition, ServiceDefinition } from "./service-definitions.ts";

/** Time, in seconds, that a stopping task keeps its open requests; LLM answers stream for minutes. */
const DEREGISTRATION_DELAY_SECONDS = 300;

/** Load balancer, target group and listeners of one service. */
export class PublicLoadBalancer extends pulumi.ComponentResource {
  /** URL at the service's domain, else at the load balancer's own name; `https` when it has a certificate. */
  readonly url: pulumi.Output<string>;
  readonly targetGroup: aws.lb.TargetGroup;
  /** How CloudWatch's metrics call the load balancer. */
  readonly metricName: pulumi.Output<string>;
  /** What a DNS record needs to point to it. */
  readonly aliasTarget: aws.types.input.route53.RecordAlias;
  /** What the ECS service behind it needs. */
  readonly serviceArgs: Pick<aws.ecs.ServiceArgs, "loadBalancers" | "healthCheckGracePeriodSeconds">;
  /** Must exist before a service can use the target group. */
  readonly listeners: readonly aws.lb.Listener[];

  /** @param securityGroupId lets clients reach it */
  constructor(
    scope: LayerScope<"services">,
    definition: PublicServiceDefinition,
    securityGroupId: pulumi.Input<string>,
  ) {
    const { name: service, port, domain, certificateArn: ownCertificate, healthCheckGracePeriodSeconds } = definition;
    super("proliferate:services:PublicLoadBalancer", `${service}-load-balancer`, {}, { parent: scope.parent });
    const loadBalancer = this.createLoadBalancer(scope, definition, securityGroupId);
    this.targetGroup = this.createTargetGroup(scope, definition);
    const target = { targetGroupArn: this.targetGroup.arn, containerName: service, containerPort: port };
    this.serviceArgs = { loadBalancers: [target], healthCheckGracePeriodSeconds };
    const certificateArn = domain === undefined ? ownCertificate : createCertificate(service, domain, this);
    this.listeners = this.createListeners(service, loadBalancer, certificateArn);
    this.metricName = loadBalancer.arnSuffix;
    this.aliasTarget = { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true };
    const scheme = certificateArn === undefined ? "http" : "https";
    this.url = pulumi.interpolate`${scheme}://${domain?.name ?? loadBalancer.dnsName}`;
    this.registerOutputs({ url: this.url });
  }

  private createLoadBalancer(
    { settings, upstream, name }: LayerScope<"services">,
    { name: service, idleTimeoutSeconds }: PublicServiceDefinition,
    securityGroupId: pulumi.Input<string>,
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      name("loadBalancer", service),
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: upstream.network.publicSubnetIds,
        securityGroups: [securityGroupId],
        idleTimeout: idleTimeoutSeconds,
        // Also drops headers with underscores.
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: settings.protectResources,
        ...(settings.albAccessLogsBucket !== undefined && {
          accessLogs: {
            enabled: true,
            bucket: settings.albAccessLogsBucket,
            prefix: name("service", service),
          },
        }),
      },
      { parent: this, protect: settings.protectResources },
    );
  }

  /** Auto-named: a target group in use can only be replaced by one of another name. */
  private createTargetGroup(
    { upstream, name }: LayerScope<"services">,
    service: ServiceDefinition,
  ): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      name("targetGroup", service.name, "tg"),
      {
        targetType: "ip",
        protocol: "HTTP",
        port: service.port,
        vpcId: upstream.network.vpcId,
        deregistrationDelay: DEREGISTRATION_DELAY_SECONDS,
        healthCheck: {
          protocol: "HTTP",
          path: service.healthCheckPath,
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
    service: ServiceName,
    loadBalancer: aws.lb.LoadBalancer,
    certificateArn: pulumi.Input<string> | undefined,
  ) {
    const forward = { type: "forward", targetGroupArn: this.targetGroup.arn };
    const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
    const http = new aws.lb.Listener(
      `${service}-http-listener`,
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
      `${service}-https-listener`,
      {
        loadBalancerArn: loadBalancer.arn,
        protocol: "HTTPS",
        port: 443,
        certificateArn,
        // Always written, because the API's own default is from 2016.
        sslPolicy: TLS_POLICY,
        defaultActions: [forward],
      },
      { parent: this },
    );
    return [http, https];
  }
}
