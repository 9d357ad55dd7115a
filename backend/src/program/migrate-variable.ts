/** Environment variable that tells the program of services to migrate the database before its services change. */
export const MIGRATE_VARIABLE = "ROLLOUT_MIGRATE";
