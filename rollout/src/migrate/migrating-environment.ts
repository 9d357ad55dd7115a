/** An environment whose services' program migrates the database before it changes a service. */
import { readFileSync } from "node:fs";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { Environment } from "../environment/environment.ts";
import { InvalidRequest } from "../layer-results.ts";
import { parseStackFile, stackFile } from "../stack-configurations.ts";
import { MIGRATE_VARIABLE } from "./migrate-variable.ts";
import { noMigration } from "./migration-request.ts";

/**
 * `environment`, such that a deployment of these layers migrates.
 *
 * @throws InvalidRequest when services is not among them, or has no migration.
 */
export function migratingEnvironment(
  root: string,
  environment: Environment,
  layers: readonly LayerName[],
): Environment {
  const { stack } = environment;
  if (!layers.includes("services")) {
    throw new InvalidRequest("--migrate migrates before services change, but services is not to be deployed.");
  }
  const { values } = parseStackFile("services", stack, readFileSync(stackFile(root, "services", stack), "utf8"));
  if (!values.has(fullKey("services", "migrationCommand"))) {
    throw new InvalidRequest(noMigration(stack));
  }
  return { ...environment, pulumiVariables: { ...environment.pulumiVariables, [MIGRATE_VARIABLE]: "1" } };
}
