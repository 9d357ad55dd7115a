/** What to migrate, from the outputs of the deployed layers. Pure. */
import { z } from "zod";
import { UserError } from "../errors.ts";
import type { MigrationRequest } from "./run-migration.ts";

const neededOutputs = z.object({
  migrationTaskDefinitionArn: z.string(),
  clusterName: z.string(),
  privateSubnetIds: z.array(z.string()),
  gatewayTaskSecurityGroupId: z.string(),
});

/**
 * The request that runs the deployed migration task, from the public outputs of network and services.
 *
 * @throws UserError when there is none, with what makes one.
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

/** What a person reads who wants to migrate where there is nothing to run. */
export function noMigration(stack: string): string {
  return [
    `${stack} has no migration. It needs a command, and an image of the gateway that has it, deployed:`,
    `  scripts/configure.sh set --stack ${stack} 'migrationCommand=["node", "migrate.js"]'`,
    `  scripts/release.sh --stack ${stack} gateway=<tag>`,
  ].join("\n");
}
