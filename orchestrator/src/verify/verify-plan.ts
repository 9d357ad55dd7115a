/** What to verify after a deployment of services: read from the layer's outputs, nothing is asked of AWS. Pure. */
import { servicesContract } from "@proliferate-infra/shared/contracts/services-outputs";
import { serviceKeys } from "@proliferate-infra/shared/services";

/** What to verify. */
export interface VerifyPlan {
  /** Name of the ECS cluster. */
  readonly cluster: string;
  /** Names of the ECS services that must run. */
  readonly services: readonly string[];
}

/** Outputs from which nothing can be planned. */
export class UnusableOutputs extends Error {
  override readonly name = "UnusableOutputs";
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
 * The plan for `stack`, from the public outputs of its services layer. A service without an image has no tasks that could
 * be wrong.
 *
 * @throws UnusableOutputs when an output is missing or not as the contract wants it; names the outputs.
 */
export function verifyPlan(outputs: Readonly<Record<string, unknown>>, stack: string): VerifyPlan {
  const { data, error } = plannedOutputs.safeParse(outputs);
  if (data === undefined) {
    const faults = error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    const fix = `Deploy the layer again, and its outputs are written anew: rollout up --only services --stack ${stack}`;
    throw new UnusableOutputs(
      ["The services cannot be verified, for these outputs are not as expected:", ...faults, fix].join("\n"),
    );
  }
  const idle = new Set<string>(data.servicesWithoutImage);
  return {
    cluster: data.clusterName,
    services: serviceKeys.filter((key) => !idle.has(key)).flatMap((key) => data[`${key}ServiceName`] ?? []),
  };
}
