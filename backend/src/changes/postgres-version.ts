/** Upgrades of Postgres to another major version. Pure. */
import type { Fault } from "../fault.ts";
import type { StateResource } from "../pulumi-files/state.ts";

export interface PostgresSettings {
  readonly stack: string;
  readonly enableRds: boolean;
  /** Major version, such as `16`. */
  readonly dbEngineVersion: string;
  readonly applyChanges: "at-once" | "in-window";
}

/** A deployed database whose settings name another major version. */
export interface VersionChange {
  /** Identifier of the instance. */
  readonly instance: string;
  readonly from: number;
  readonly to: number;
}

/** The change of version that a deployment of these settings makes; undefined when it makes none. */
export function versionChange(
  resources: readonly StateResource[],
  { enableRds, dbEngineVersion }: Pick<PostgresSettings, "enableRds" | "dbEngineVersion">,
): VersionChange | undefined {
  const database = resources.find(({ type }) => type === "aws:rds/instance:Instance");
  if (!enableRds || database === undefined) {
    return undefined;
  }
  const { identifier, engineVersion, engineVersionActual } = database.outputs;
  const from = Number.parseInt(String(engineVersionActual ?? engineVersion), 10);
  const to = Number(dbEngineVersion);
  return Number.isNaN(from) || from === to ? undefined : { instance: String(identifier), from, to };
}

/** Why that version must not be deployed like this. An upgrade needs consent, because nothing but a snapshot leads back. */
export function versionFaults(
  resources: readonly StateResource[],
  settings: PostgresSettings,
  isAllowed: boolean,
): readonly Fault[] {
  const change = versionChange(resources, settings);
  if (change === undefined) {
    return [];
  }
  const { from, to } = change;
  const { stack, applyChanges } = settings;
  if (to < from) {
    const message = `dbEngineVersion is ${to}, but Postgres runs version ${from}, and AWS cannot go back to an older one.`;
    const restore =
      "An older version comes back only with a snapshot of it: docs/operations.md, the database from a snapshot.";
    const keep = `Keep the version:\n  ./rollout configure set dbEngineVersion=${from} --stack ${stack}`;
    return [{ message, fix: `${keep}\n${restore}` }];
  }
  if (applyChanges === "in-window") {
    const message = `dbEngineVersion upgrades Postgres from ${from} to ${to}, but applyChanges is in-window. An upgrade is made at once.`;
    return [{ message, fix: `./rollout configure set applyChanges=at-once --stack ${stack}` }];
  }
  if (isAllowed) {
    return [];
  }
  const message =
    `dbEngineVersion upgrades Postgres from ${from} to ${to}. The database is not available during the upgrade, usually ` +
    "for some minutes and longer if it is large, and the upgrade cannot be undone. Test it with a copy of the database first.";
  const fix = `This takes a snapshot, prints its name, and upgrades:\n  ./rollout up --stack ${stack} --allow-upgrade`;
  return [{ message, fix }];
}
