/** The option --migrate: the program of services migrates the database before it changes a service. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { UserError } from "@proliferate-infra/backend/errors";
import { readStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { MIGRATE_VARIABLE } from "@proliferate-infra/backend/program/migrate-variable";
import { noMigration } from "@proliferate-infra/backend/program/migration-request";

/**
 * Returns the environment with the variable that makes the program migrate.
 *
 * @throws UserError when services is not among `layers`, or has no migration.
 */
export function migratingEnvironment(
  root: string,
  environment: Environment,
  layers: readonly LayerName[],
): Environment {
  const { stack } = environment;
  if (!layers.includes("services")) {
    throw new UserError("--migrate migrates before services change, but services is not to be deployed.");
  }
  const { configuration } = readStackFile(root, "services", stack);
  if (!configuration.values.has(fullKey("services", "migrationCommand"))) {
    throw new UserError(noMigration(stack));
  }
  return { ...environment, pulumiVariables: { ...environment.pulumiVariables, [MIGRATE_VARIABLE]: "1" } };
}
