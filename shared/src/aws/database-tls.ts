/**
 * TLS parameters of the database's URL, in the words of the driver that reads it. All drivers encrypt in every case and
 * refuse a server without TLS. They differ in how they are configured to verify the server's certificate, and each
 * misunderstands the others' words. test/drivers tries the Node drivers against a real Postgres.
 *
 * Sources: porsager/postgres src/connection.js (`require` does not verify, `verify-full` does; a parameter that it does
 * not know goes to the server, which refuses it); brianc/node-postgres packages/pg-connection-string (`no-verify`;
 * `require` verifies like `verify-full`); prisma/prisma-engines quaint/src/connector/postgres/url.rs (`sslmode` is
 * disable, prefer or require, any other value means prefer, which accepts plain text; certificates are only verified
 * with `sslaccept=strict`).
 */

/** Driver of the gateway and the worker, which is the application's choice. */
export type ApplicationDatabaseDriver = "postgres.js" | "node-postgres";

/** Driver of a service. The llm-proxy uses Prisma. */
export type DatabaseDriver = ApplicationDatabaseDriver | "prisma";

/** The settings that decide how clients verify the database. */
export interface DatabaseTlsSettings {
  readonly databaseTlsVerification: "none" | "full";
  readonly databaseCaBundlePath: string | undefined;
}

/**
 * Path of the certificates, inside the images, that the database is verified with; undefined without verification.
 *
 * @throws Error when verification is on and there is no path.
 */
export function verifiedCaBundlePath(settings: DatabaseTlsSettings): string | undefined {
  if (settings.databaseTlsVerification === "none") {
    return undefined;
  }
  if (settings.databaseCaBundlePath === undefined) {
    throw new Error("databaseTlsVerification is full, which needs databaseCaBundlePath to be set too.");
  }
  return settings.databaseCaBundlePath;
}

function tlsParameters(driver: DatabaseDriver, caBundlePath: string | undefined): Record<string, string> {
  switch (driver) {
    case "postgres.js":
      // No parameter names certificates; Node adds those of NODE_EXTRA_CA_CERTS to the ones that it trusts.
      return { sslmode: caBundlePath === undefined ? "require" : "verify-full" };
    case "node-postgres":
      return caBundlePath === undefined
        ? { sslmode: "no-verify" }
        : { sslmode: "verify-full", sslrootcert: caBundlePath };
    case "prisma":
      // Beside the system's certificates Prisma trusts only the first one in the file (native_tls reads no more), so
      // the root that issued the database's certificate must stand first there.
      return caBundlePath === undefined
        ? { sslmode: "require" }
        : { sslmode: "require", sslaccept: "strict", sslcert: caBundlePath };
  }
}

/**
 * `url` with the TLS parameters that `driver` understands. A URL that has parameters already is returned as it is:
 * whoever wrote it decided.
 *
 * @param caBundlePath certificates to verify the server with; undefined encrypts without verifying.
 */
export function withDatabaseTls(url: string, driver: DatabaseDriver, caBundlePath: string | undefined): string {
  const parsed = new URL(url);
  if (parsed.search !== "") {
    return url;
  }
  parsed.search = new URLSearchParams(tlsParameters(driver, caBundlePath)).toString();
  return parsed.href;
}

/**
 * Parameters of node-postgres, libpq and Prisma that postgres.js passes on to the server. The server refuses the
 * connection, since it has no such setting.
 */
export const foreignToPostgresJs = [
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslaccept",
  "uselibpqcompat",
  "channel_binding",
  "schema",
  "connection_limit",
  "pool_timeout",
  "pgbouncer",
] as const;

/** Parameters of an operator's own URL that keep `driver` from connecting as the URL says. None holds a secret. */
export function unsuitableParameters(url: string, driver: ApplicationDatabaseDriver): readonly string[] {
  // A URL that is still encrypted cannot be looked at.
  if (driver !== "postgres.js" || !URL.canParse(url)) {
    return [];
  }
  const { searchParams } = new URL(url);
  const verifiesAnyway = searchParams.get("sslmode") === "no-verify" ? ["sslmode=no-verify"] : [];
  return [...verifiesAnyway, ...foreignToPostgresJs.filter((name) => searchParams.has(name))];
}
