/** A service of the environment, and what must exist before its tasks. */
import type * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { createRepository } from "./container-repositories.ts";
import { PublicLoadBalancer } from "./load-balancer.ts";
import { createLogGroup } from "./log-groups.ts";
import type { PublicServiceDefinition, ServiceDefinition } from "./service-definitions.ts";
import { publicServiceInputs, serviceInputs, type ServiceInputs } from "./service-inputs.ts";

/** A service without its tasks. */
export interface Service {
  readonly definition: ServiceDefinition;
  readonly inputs: ServiceInputs;
  readonly repository: aws.ecr.Repository;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Undefined for a service that nothing reaches. */
  readonly loadBalancer: PublicLoadBalancer | undefined;
}

/** A service behind a load balancer. */
export interface PublicService extends Service {
  readonly definition: PublicServiceDefinition;
  readonly loadBalancer: PublicLoadBalancer;
}

/** Creates what a service that nothing reaches needs before its tasks. */
export function prepareService(scope: LayerScope<"services">, definition: ServiceDefinition): Service {
  const inputs = serviceInputs(scope.upstream, definition.key);
  return { definition, inputs, ...prepare(scope, definition), loadBalancer: undefined };
}

/** Creates what a service behind a load balancer needs before its tasks. */
export function preparePublicService(
  scope: LayerScope<"services">,
  definition: PublicServiceDefinition,
): PublicService {
  const inputs = publicServiceInputs(scope.upstream, definition.key);
  const loadBalancer = new PublicLoadBalancer(scope, definition, inputs.albSecurityGroupId);
  return { definition, inputs, ...prepare(scope, definition), loadBalancer };
}

function prepare(scope: LayerScope<"services">, definition: ServiceDefinition) {
  return { repository: createRepository(scope, definition), logGroup: createLogGroup(scope, definition.name) };
}
