import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { StepFailed } from "@proliferate-infra/backend/errors";
import { folderAt } from "@proliferate-infra/orchestrator/commands/local/folder";
import {
  checkOwner,
  claimSettings,
  ownerFile,
  releaseSettings,
} from "@proliferate-infra/orchestrator/commands/local/owner";
import { identify } from "@proliferate-infra/orchestrator/commands/local/process-identity";
import type { Emulator } from "@proliferate-infra/orchestrator/commands/local/record";

describe("the owner of a checkout's local settings", () => {
  let checkout: string;
  let child: ChildProcess;
  let emulator: Emulator;
  const mine = folderAt("/home/me/environment");
  const other = folderAt("/home/other/environment");
  beforeEach(async () => {
    checkout = mkdtempSync(join(tmpdir(), "owner-"));
    child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "ministack"]);
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    emulator = { pid, birth: identify(pid)?.birth ?? "", port: 4566, startedAt: "2026-01-01T00:00:00Z" };
  });
  afterEach(async () => {
    await end();
    rmSync(checkout, { recursive: true });
  });

  async function end(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }

  it("keeps them while its emulator runs", () => {
    claimSettings(checkout, other, emulator);
    const before = readFileSync(ownerFile(checkout), "utf8");
    expect(() => {
      claimSettings(checkout, mine, emulator);
    }).to.throw(StepFailed, other.root);
    releaseSettings(checkout, mine);
    expect(readFileSync(ownerFile(checkout), "utf8")).to.equal(before);
    checkOwner(checkout, other);
  });

  it("loses them when its emulator ended, since the key ended with it", async () => {
    claimSettings(checkout, other, emulator);
    await end();
    claimSettings(checkout, mine, emulator);
    expect(readFileSync(ownerFile(checkout), "utf8")).to.include(mine.root);
  });

  it("gives them up when it stops", () => {
    claimSettings(checkout, mine, emulator);
    releaseSettings(checkout, mine);
    expect(existsSync(ownerFile(checkout))).to.equal(false);
  });

  it("keeps them on another host, whose processes are not visible", async () => {
    claimSettings(checkout, other, emulator);
    await end();
    const text = readFileSync(ownerFile(checkout), "utf8");
    writeFileSync(ownerFile(checkout), text.replace(JSON.stringify(hostname()), '"elsewhere"'));
    expect(() => {
      checkOwner(checkout, mine);
    }).to.throw(StepFailed, "elsewhere");
  });
});
