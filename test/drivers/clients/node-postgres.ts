/** Connects as an application does with node-postgres: its URL, and nothing about TLS in the code. */
import pg from "pg";
import { reportOutcome } from "../support/outcome.ts";

await reportOutcome(async () => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 10_000 });
  await client.connect();
  const { rows } = await client.query<{ ssl: boolean }>("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
  return rows[0]?.ssl === true;
});
