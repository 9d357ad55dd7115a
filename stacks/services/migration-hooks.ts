/**
 * Migrates the database while services are deployed: after everything that the migration needs, and before the first
 * service gets its new task definition. A migration that fails keeps the services as they are (decision 0012).
 */
import * as pulumi from "@pulumi/pulumi";
import { MIGRATE_VARIABLE } from "@proliferate-infra/backend/program/migrate-variable";
import type { MigrationRequest } from "@proliferate-infra/backend/program/migration-request";

/** What a migration needs, known when the resources exist. */
export type MigrationInputs = { readonly [Key in keyof MigrationRequest]: pulumi.Input<MigrationRequest[Key]> };

/** Hooks of the services that use the database; undefined unless the rollout was asked to migrate. */
export function migrationHooks(inputs: MigrationInputs): pulumi.ResourceHookBinding | undefined {
  if (process.env[MIGRATE_VARIABLE] === undefined) {
    return undefined;
  }
  let migration: Promise<void> | undefined;
  const hook = new pulumi.ResourceHook("migrate", () => (migration ??= migrate(inputs)));
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}

async function migrate(inputs: MigrationInputs): Promise<void> {
  const request = await new Promise<MigrationRequest>((resolve) => {
    pulumi.output(inputs).apply(resolve);
  });
  const { migrateOnAws } = await import("@proliferate-infra/backend/program/run-migration");
  const report = (line: string) => {
    void pulumi.log.info(line);
  };
  const outcome = await migrateOnAws(request, { report, signal: new AbortController().signal });
  if (outcome.failure !== undefined) {
    throw new pulumi.RunError(outcome.failure);
  }
}
