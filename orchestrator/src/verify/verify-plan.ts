/** What to verify after a deployment of services: read from the layer's outputs, without a call to AWS. Pure. */
import { servicesContract } from "@proliferate-infra/shared/contracts/services-outputs";
import { serviceKeys } from "@proliferate-infra/shared/services";

export interface VerifyPlan {
  /** Name of the ECS cluster. */
  readonly cluster: string;
  /** Names of the ECS services that must run. */
  readonly services: readonly string[];
}

/** None of the outputs that are read here is an ARN, so the scope does not matter. */
const ANY_SCOPE = { region: "" };

const plannedOutputs = servicesContract.schema(ANY_SCOPE).pick({
  clusterName: true,
  gatewayServiceName: true,
  llmProxyServiceName: true,
  workerServiceName: true,
  servicesWithoutImage: true,
});

/**
 * The plan for `stack`, from the public outputs of its services layer. A service without an image is not in it, because it has
 * no tasks. When outputs are missing or not as in the contract, the plan is a text for people that names them.
 */
export function verifyPlan(outputs: Readonly<Record<string, unknown>>, stack: string): VerifyPlan | string {
  const { data, error } = plannedOutputs.safeParse(outputs);
  if (data === undefined) {
    const faults = error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    const fix = `A deployment of the layer writes its outputs again: rollout up --only services --stack ${stack}`;
    return ["The services cannot be verified, because these outputs are not as expected:", ...faults, fix].join("\n");
  }
  const idle = new Set<string>(data.servicesWithoutImage);
  return {
    cluster: data.clusterName,
    services: serviceKeys.filter((key) => !idle.has(key)).flatMap((key) => data[`${key}ServiceName`] ?? []),
  };
}
