/** Connects as the application does with postgres.js: its URL, and nothing about TLS in the code. */
import postgres from "postgres";
import { reportOutcome } from "../support/outcome.ts";

await reportOutcome(async () => {
  const sql = postgres(process.env.DATABASE_URL ?? "", { max: 1, connect_timeout: 10 });
  const [row] = await sql<{ ssl: boolean }[]>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
  return row?.ssl === true;
});
