/** Warns of versions that AWS soon no longer supports. Pure. */
import { daysUntil, POSTGRES_ENDS, POSTGRES_VERSIONS } from "@proliferate-infra/shared/aws/end-dates";
import type { Fault } from "@proliferate-infra/backend/fault";

/** Days before the end at which the warning begins: an upgrade needs a test on a copy. */
const WARNING_DAYS = 180;

interface DatabaseSettings {
  readonly stack: string;
  readonly enableRds: boolean;
  readonly dbEngineVersion: keyof typeof POSTGRES_ENDS;
}

/** Returns a warning when the database's version ends in half a year, or has ended. */
export function endOfSupport(settings: DatabaseSettings, now: Date): readonly Fault[] {
  if (!settings.enableRds) {
    return [];
  }
  const { stack, dbEngineVersion: version } = settings;
  const end = POSTGRES_ENDS[version];
  if (daysUntil(end, now) > WARNING_DAYS) {
    return [];
  }
  const message = `RDS's standard support of Postgres ${version} ends on ${end}. AWS then upgrades the database by itself.`;
  return [
    {
      message,
      fix: `Try a newer version on a copy, then:\n./rollout configure set dbEngineVersion=${POSTGRES_VERSIONS.at(-1)} --stack ${stack}`,
    },
  ];
}
