/** What to migrate, from the outputs of the deployed layers. Pure. */
import { z } from "zod";
import { UserError } from "../errors.ts";

/** What to run, and where. */
export interface MigrationRequest {
  /** Name or ARN of the ECS cluster. */
  readonly cluster: string;
  /** ARN of the task definition, with its revision. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  readonly region: string;
}

const neededOutputs = z.object({
  migrationTaskDefinitionArn: z.string(),
  clusterName: z.string(),
  privateSubnetIds: z.array(z.string()),
  gatewayTaskSecurityGroupId: z.string(),
});

/**
 * The request that runs the deployed migration task, from the public outputs of network and services.
 *
 * @throws UserError when no migration is deployed, with the commands that deploy one.
 */
export function migrationRequest(outputs: Readonly<Record<string, unknown>>, stack: string): MigrationRequest {
  const { data } = neededOutputs.safeParse(outputs);
  if (data === undefined) {
    throw new UserError(noMigration(stack));
  }
  const { migrationTaskDefinitionArn: taskDefinition, clusterName: cluster, privateSubnetIds: subnets } = data;
  // An ARN is arn:partition:service:region:account:resource.
  const [, , , region = ""] = taskDefinition.split(":");
  return { cluster, taskDefinition, subnets, securityGroup: data.gatewayTaskSecurityGroupId, region };
}

/** The message where no migration is deployed. */
export function noMigration(stack: string): string {
  return [
    `${stack} has no migration. It needs a command, and an image of the gateway that has it, deployed:`,
    `  scripts/configure.sh set --stack ${stack} 'migrationCommand=["node", "migrate.js"]'`,
    `  scripts/release.sh --stack ${stack} gateway=<tag>`,
  ].join("\n");
}
