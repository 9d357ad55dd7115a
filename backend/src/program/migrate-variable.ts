/** Environment variable with which the program of services migrates the database before its services change. */
export const MIGRATE_VARIABLE = "ROLLOUT_MIGRATE";
