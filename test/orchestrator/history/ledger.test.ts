import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import type { RunRecord } from "@proliferate-infra/orchestrator/history/records";
import { Ledger, LedgerLost } from "@proliferate-infra/orchestrator/history/ledger";
import { ciJobUrl } from "@proliferate-infra/orchestrator/model/run-facts";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import { runTable } from "@proliferate-infra/orchestrator/commands/history";

const run = (startedAt: string, fencing = 1): RunRecord => ({
  ...{ schemaVersion: 1, fencing, runId: `run-${startedAt}`, command: "up", commit: null, startedAt },
  ...{ by: { user: "ann", host: "laptop", ciUrl: null }, order: ["network"], layers: [] },
});

describe("the ledger", () => {
  let folder: string;
  let ledger: Ledger;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ledger-"));
    ledger = new Ledger(fileObjectStore(folder), "prod");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it("returns the last runs, newest first", async () => {
    const times = ["2026-01-03T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"];
    for (const time of times) {
      await ledger.saveRun(run(time));
    }
    const runs = await ledger.runs(2);
    expect(runs.map(({ startedAt }) => startedAt)).to.deep.equal([times[0], times[2]]);
    expect(runTable(runs).split("\n")[1]).to.include("not ended").and.to.include("ann@laptop");
  });

  it("replaces the record of a run", async () => {
    const first = run("2026-01-01T00:00:00.000Z");
    await ledger.saveRun(first);
    await ledger.saveRun({ ...first, exitCode: 0, finishedAt: "2026-01-01T00:01:00.000Z" });
    expect(runTable(await ledger.runs(1)))
      .to.include("done")
      .and.to.include("1m00s");
  });

  it("is not written by a run that has lost its lock", async () => {
    const layer = { ...run("2026-01-01T00:00:00.000Z"), layer: "data" as const, status: "succeeded" as const };
    const record = (fencing: number) => ({
      ...{ schemaVersion: 1 as const, fencing, runId: "run", command: "up" as const, by: layer.by, commit: null },
      ...{ layer: layer.layer, status: layer.status, at: layer.startedAt, durationMs: 1 },
    });
    await ledger.saveLayer(record(7));
    expect(await failure(ledger.saveLayer(record(6)))).to.be.instanceOf(LedgerLost);
    await ledger.saveLayer(record(8));
    expect((await ledger.layers()).get("data")?.fencing).to.equal(8);
  });

  it("that cannot be read is refused with the fix", async () => {
    const store = fileObjectStore(folder);
    await store.putIf(".rollout/prod/layers/data.json", "{}", undefined);
    const error = await failure(ledger.layers());
    expect(error).to.be.instanceOf(UserError);
    expect(String(error)).to.include("Move it away");
  });
});

describe("the CI job of a run", () => {
  it("is detected for GitHub and GitLab", () => {
    const github = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "o/r", GITHUB_RUN_ID: "7" };
    expect(ciJobUrl(github)).to.equal("https://github.com/o/r/actions/runs/7");
    expect(ciJobUrl({ CI_JOB_URL: "https://gitlab.example.com/j/1" })).to.equal("https://gitlab.example.com/j/1");
    expect(ciJobUrl({})).to.equal(null);
  });
});
