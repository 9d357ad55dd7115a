import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { clearLockedPorts } from "get-port";
import {
  endpointOf,
  isRunning,
  startEmulator,
  stopEmulator,
} from "@proliferate-infra/orchestrator/commands/local/emulator";
import type { Emulator } from "@proliferate-infra/orchestrator/commands/local/record";
import { folderAt, makeFolders, type LocalFolder } from "@proliferate-infra/orchestrator/commands/local/folder";
import { identify } from "@proliferate-infra/orchestrator/commands/local/process-identity";

describe("the emulator", () => {
  let folder: LocalFolder;
  let started: Emulator[];
  beforeEach(() => {
    folder = folderAt(mkdtempSync(join(tmpdir(), "emulator-")));
    makeFolders(folder);
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map(stopEmulator));
    rmSync(folder.root, { recursive: true, force: true });
  });

  const start = (preferredPort?: number) =>
    startEmulator({ folder, preferredPort, onSpawn: (emulator) => started.push(emulator) });

  const faultAtStart = (): Promise<unknown> =>
    start().then(
      () => undefined,
      (error: unknown) => error,
    );

  it("responds until it is stopped, and then uses the same port again", async () => {
    const first = await start();
    const response = await fetch(`${endpointOf(first)}/_ministack/health`);
    expect(response.ok).to.equal(true);
    await response.text();
    expect(await stopEmulator(first)).to.equal(true);
    expect(identify(first.pid)).to.equal(undefined);
    expect(await stopEmulator(first)).to.equal(false);

    // Within a process a port is not given twice in a row.
    clearLockedPorts();
    const second = await start(first.port);
    expect(second.port).to.equal(first.port);
    expect(readFileSync(folder.log, "utf8")).to.include(String(first.port));
  });

  it("returns the first response to a retried call", async () => {
    const emulator = await start();
    const create = async (call: string) => {
      const headers = { "x-amz-target": "Logs_20140328.CreateLogGroup", "amz-sdk-invocation-id": call };
      const body = JSON.stringify({ logGroupName: "group" });
      const response = await fetch(endpointOf(emulator), { method: "POST", headers, body });
      return [response.status, (await response.text()).includes("ResourceAlreadyExistsException")];
    };
    expect(await create("one")).to.deep.equal([200, false]);
    expect(await create("one")).to.deep.equal([200, false]);
    expect(await create("other")).to.deep.equal([400, true]);
    expect(await create("other")).to.deep.equal([400, true]);
    expect(readFileSync(folder.log, "utf8").match(/Repeated a response/g)).to.have.length(1);
  });

  it("uses another port when the preferred one is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    try {
      expect((await start(port)).port).not.to.equal(port);
    } finally {
      server.close();
    }
  });

  it("is not confused with a later process with the same id", async () => {
    const other = spawn("sleep", ["60"]);
    await once(other, "spawn");
    try {
      const pid = other.pid ?? 0;
      const birth = identify(pid)?.birth ?? "";
      expect(birth).not.to.equal("");
      for (const record of [
        { pid, birth: "earlier" },
        { pid, birth },
      ]) {
        const emulator = { ...record, port: 1, startedAt: "" };
        expect(isRunning(emulator)).to.equal(false);
        expect(await stopEmulator(emulator)).to.equal(false);
      }
      expect(identify(pid)?.command).to.equal("sleep 60");
    } finally {
      other.kill();
    }
  });

  it("that ends at its start is reported with its output", async () => {
    const fault = await withProgram("echo started; echo 'no module named hypercorn' >&2; exit 1", faultAtStart);
    expect(String(fault)).to.include("no module named hypercorn").and.to.include(folder.log);
  });

  it("starts again when another program has taken its port", async () => {
    // The first start finds the port taken; from the second on it is the real program, next on PATH.
    const script = [
      `if [ ! -e "${folder.root}/tried" ]; then`,
      `  touch "${folder.root}/tried"; echo "ERROR: 127.0.0.1:1 is already in use."; exit 1`,
      `fi`,
      `PATH=\${PATH#*:} exec ministack`,
    ].join("\n");
    await withProgram(script, () => start());
    expect(existsSync(join(folder.root, "tried"))).to.equal(true);
    // The first one may have ended before it could be recorded.
    expect(started.filter(isRunning)).to.have.length(1);
  });

  it("stops trying when the port is always in use", async () => {
    const fault = await withProgram(`echo x >>"${folder.root}/starts"; echo "already in use"; exit 1`, faultAtStart);
    expect(String(fault)).to.include("ended before it answered");
    expect(readFileSync(join(folder.root, "starts"), "utf8")).to.equal("x\nx\nx\n");
  });

  it("counts as running while its wrapper starts other programs", async () => {
    const again = `[ "$1" -gt 0 ] && exec "$0" $(($1 - 1))\nexec sleep 60`;
    await withProgram(again, async () => {
      const wrapper = spawn(join(folder.root, "ministack"), ["300"]);
      await once(wrapper, "spawn");
      const pid = wrapper.pid ?? 0;
      const emulator = { pid, birth: identify(pid)?.birth ?? "", port: 1, startedAt: "" };
      try {
        while (identify(pid)?.command !== "sleep 60") {
          const running = isRunning(emulator);
          expect(running || identify(pid)?.command === "sleep 60").to.equal(true);
        }
      } finally {
        wrapper.kill();
      }
    });
  });

  it("that is not installed is reported with the fix", async () => {
    const path = process.env.PATH;
    process.env.PATH = folder.root;
    try {
      expect(String(await faultAtStart())).to.include("cannot be started");
    } finally {
      process.env.PATH = path;
    }
  });

  /** Runs `work` with another program in place of the emulator. */
  async function withProgram<T>(script: string, work: () => Promise<T>): Promise<T> {
    const program = join(folder.root, "ministack");
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    const path = process.env.PATH ?? "";
    process.env.PATH = `${folder.root}:${path}`;
    try {
      return await work();
    } finally {
      process.env.PATH = path;
    }
  }
});
