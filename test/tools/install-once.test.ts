import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { cacheFolders, completionMarker } from "@proliferate-infra/tools/lib/cache-folders.mjs";
import { installOnce } from "@proliferate-infra/tools/lib/install-once.mjs";
import { temporaryFolder } from "./support/set-up-context.ts";

const script = fileURLToPath(new URL("support/install-slowly.ts", import.meta.url));

interface SetUp {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<unknown>;
}

function startSetUp(cache: string, milliseconds: number): SetUp {
  const child = spawn(process.execPath, [script, cache, String(milliseconds)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { process: child, output: () => output, ended: once(child, "close") };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("installing into the shared cache", function () {
  this.timeout(20_000);
  let cache: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    cache = temporaryFolder();
  });
  afterEach(() => {
    cache.remove();
  });

  const started = () => readFileSync(join(cache.path, "started.txt"), "utf8").trim().split("\n");
  const workLeft = () => readdirSync(join(cache.path, "building"));
  const isInstalled = () => readFileSync(join(cache.path, "slow-1.0.0/program"), "utf8") === "finished";

  it("happens once for two set-ups at the same time; the second names the first", async () => {
    const first = startSetUp(cache.path, 3_000);
    await until(() => first.output().includes("installing"));
    const second = startSetUp(cache.path, 0);
    await Promise.all([first.ended, second.ended]);
    expect(started()).to.deep.equal([String(first.process.pid)]);
    expect(second.output()).to.contain(`waiting for process ${String(first.process.pid)} on ${hostname()}`);
    for (const { output } of [first, second]) expect(output()).to.contain("installed");
    expect(readdirSync(join(cache.path, "locks"))).to.deep.equal([]);
  });

  it("starts clean after a killed set-up and ignores its lock and folder", async () => {
    const killed = startSetUp(cache.path, 60_000);
    await until(() => killed.output().includes("installing"));
    killed.process.kill("SIGKILL");
    await killed.ended;
    expect(workLeft()).to.have.length(1);
    const next = startSetUp(cache.path, 0);
    await next.ended;
    expect(next.output()).to.not.contain("waiting");
    expect(isInstalled()).to.equal(true);
    expect(existsSync(join(cache.path, "slow-1.0.0/half"))).to.equal(true);
    expect(workLeft()).to.deep.equal([]);
  });

  it("leaves no work behind when it is interrupted", async () => {
    const interrupted = startSetUp(cache.path, 60_000);
    await until(() => interrupted.output().includes("installing"));
    interrupted.process.kill("SIGINT");
    await interrupted.ended;
    expect(interrupted.process.exitCode).to.equal(130);
    expect(workLeft()).to.deep.equal([]);
  });

  it("continues when the other set-up is killed", async () => {
    const killed = startSetUp(cache.path, 60_000);
    await until(() => killed.output().includes("installing"));
    const waiting = startSetUp(cache.path, 0);
    await until(() => waiting.output().includes("waiting"));
    killed.process.kill("SIGKILL");
    await waiting.ended;
    expect(isInstalled()).to.equal(true);
  });

  it("does nothing when the folder is complete, and repairs it when a file is missing", async () => {
    await startSetUp(cache.path, 0).ended;
    await startSetUp(cache.path, 0).ended;
    expect(started()).to.have.length(1);
    rmSync(join(cache.path, "slow-1.0.0/program"));
    await startSetUp(cache.path, 0).ended;
    expect(started()).to.have.length(2);
    expect(isInstalled()).to.equal(true);
  });

  it("removes what dead set-ups of other tools left, but not the work of living ones", async () => {
    const building = join(cache.path, "building");
    const dead = `other@${hostname()}@999999999`;
    const living = `other@${hostname()}@${String(process.ppid)}`;
    const elsewhere = "other@another-host@1";
    for (const name of [dead, living, elsewhere]) mkdirSync(join(building, name), { recursive: true });
    await startSetUp(cache.path, 0).ended;
    expect(workLeft()).to.have.members([living, elsewhere]);
  });

  it("leaves no folder with the final name after a failed or incomplete installation", async () => {
    const folders = cacheFolders(cache.path);
    const options = { key: "broken", files: ["program"], onWait: () => undefined };
    const outcomes = await Promise.allSettled([
      installOnce(folders, { ...options, make: () => Promise.reject(new Error("no network")) }),
      installOnce(folders, {
        ...options,
        make: (work) => {
          writeFileSync(join(work, completionMarker), "{}");
          return Promise.resolve();
        },
      }),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(existsSync(join(cache.path, "broken"))).to.equal(false);
    expect(workLeft()).to.deep.equal([]);
  });
});
