/** URLs of Postgres and Redis, with every part percent-encoded. Pure. */

/** Where Redis is and how it is reached. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** Whether connections are encrypted (`rediss://`). */
  readonly tls: boolean;
  /** Password of the default user. */
  readonly password?: string;
}

/** `redis://` or `rediss://` URL. */
export function redisUrl({ host, port, tls, password }: RedisAddress): string {
  const credentials = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
  return `${tls ? "rediss" : "redis"}://${credentials}${host}:${port}`;
}

/** A Postgres database and who connects to it. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** `postgresql://` URL without parameters; the secrets layer adds those that each service's driver understands. */
export function databaseUrl({ host, port, user, password, database }: DatabaseAccess): string {
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `postgresql://${credentials}@${host}:${port}/${encodeURIComponent(database)}`;
}

const DEFAULT_POSTGRES_PORT = 5432;

/** Host and port of a Postgres URL. */
export function databaseAddress(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === "" ? DEFAULT_POSTGRES_PORT : Number(port) };
}
