/** Real drivers against a real Postgres, with the URL and the variables that a task of the application gets. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import postgres from "postgres";
import { databaseUrl } from "@proliferate-infra/shared/aws/connection-urls";
import {
  foreignToPostgresJs,
  verifiedCaBundlePath,
  type ApplicationDatabaseDriver,
} from "@proliferate-infra/shared/aws/database-tls";
import { sampleSettings } from "@proliferate-infra/testing/sample-settings";
import { createAuthority, issueServerCertificate, type Identity } from "./support/certificates.ts";
import { createCluster, type PostgresCluster } from "./support/postgres-server.ts";
import { runClient } from "./support/run-client.ts";
import type { ServerProcess } from "./support/server-process.ts";
import { taskEnvironment } from "./support/task-environment.ts";

type Verification = "none" | "full";

interface ServerCase {
  readonly presents: string;
  readonly identity: Identity | undefined;
  /** What a client says that refuses the server, by verification; undefined where it connects. */
  readonly refusal: Readonly<Record<Verification, RegExp | undefined>>;
}

const HOST = "localhost";
const NO_TLS = /does not support SSL|before secure TLS connection/;
const authority = createAuthority("Authority in the bundle");
const serverCases: readonly ServerCase[] = [
  {
    presents: "a certificate of an authority in the bundle",
    identity: issueServerCertificate(authority, HOST),
    refusal: { none: undefined, full: undefined },
  },
  {
    presents: "a certificate of another authority",
    identity: issueServerCertificate(createAuthority("Another authority"), HOST),
    refusal: { none: undefined, full: /UNABLE_TO_VERIFY_LEAF_SIGNATURE/ },
  },
  {
    presents: "a certificate for another host name",
    identity: issueServerCertificate(authority, "db.example.com"),
    refusal: { none: undefined, full: /ERR_TLS_CERT_ALTNAME_INVALID/ },
  },
  { presents: "no certificate", identity: undefined, refusal: { none: NO_TLS, full: NO_TLS } },
];

const drivers: readonly ApplicationDatabaseDriver[] = ["postgres.js", "node-postgres"];

describe("drivers of the application's database", function () {
  // Each connection starts a Node process of its own.
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "proliferate-drivers-"));
  const databaseCaBundlePath = join(folder, "bundle.pem");
  let cluster: PostgresCluster;

  before(async () => {
    writeFileSync(databaseCaBundlePath, authority.certificate);
    cluster = await createCluster();
  });

  after(() => {
    cluster.remove();
    rmSync(folder, { recursive: true });
  });

  function environmentOf(
    applicationDatabaseDriver: ApplicationDatabaseDriver,
    databaseTlsVerification: Verification,
    parameters = "",
  ): Record<string, string> {
    const settings = sampleSettings("services", { databaseTlsVerification, databaseCaBundlePath });
    return taskEnvironment(settings, {
      applicationDatabaseDriver,
      databaseUrl: databaseUrl({ ...cluster, host: HOST }) + parameters,
      caBundlePath: verifiedCaBundlePath(settings),
    });
  }

  describe("follow docs/database.md", () => {
    let server: ServerProcess;

    before(async () => {
      server = await cluster.serve(issueServerCertificate(authority, HOST));
    });

    after(() => server.stop());

    it("node-postgres accepts the verifying URL of postgres.js", async () => {
      const outcome = await runClient("node-postgres", environmentOf("postgres.js", "full"));
      expect(outcome).to.deep.equal({ connected: true, encrypted: true });
    });

    it("postgres.js cannot connect with parameters of other drivers", async () => {
      const url = databaseUrl({ ...cluster, host: HOST });
      for (const name of foreignToPostgresJs) {
        const sql = postgres(`${url}?sslmode=require&${name}=1`, { max: 1 });
        const refusal = await sql`select 1`.then(() => "connected", String);
        await sql.end();
        expect(refusal).to.contain(`configuration parameter "${name}"`);
      }
    });

    it("postgres.js verifies with sslmode=no-verify", async () => {
      const env = environmentOf("postgres.js", "none", "?sslmode=no-verify");
      const outcome = await runClient("postgres.js", env);
      expect(outcome.connected ? "connected" : outcome.reason).to.contain("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    });

    it("postgres.js refuses the server when the image has no bundle", async () => {
      const env = { ...environmentOf("postgres.js", "full"), NODE_EXTRA_CA_CERTS: join(folder, "missing.pem") };
      const outcome = await runClient("postgres.js", env);
      expect(outcome.connected ? "connected" : outcome.reason).to.contain("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    });
  });

  for (const { presents, identity, refusal } of serverCases) {
    describe(`at a server that presents ${presents}`, () => {
      let server: ServerProcess;

      before(async () => {
        server = await cluster.serve(identity);
      });

      after(() => server.stop());

      for (const driver of drivers) {
        for (const verification of ["none", "full"] as const) {
          const reason = refusal[verification];
          it(`${driver} ${reason ? "refuses" : "connects"} with verification ${verification}`, async () => {
            const outcome = await runClient(driver, environmentOf(driver, verification));
            if (reason === undefined) {
              expect(outcome).to.deep.equal({ connected: true, encrypted: true });
            } else {
              expect(outcome.connected ? "connected" : outcome.reason).to.match(reason);
            }
          });
        }
      }

      it(`${identity ? "refuses" : "accepts"} plain text`, async () => {
        const outcome = await runClient("postgres.js", environmentOf("postgres.js", "none", "?sslmode=disable"));
        if (identity === undefined) {
          expect(outcome).to.deep.equal({ connected: true, encrypted: false });
        } else {
          expect(outcome.connected ? "connected" : outcome.reason).to.contain("no encryption");
        }
      });
    });
  }
});
