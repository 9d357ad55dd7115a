import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { z } from "zod";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { reportOf, reportSchema } from "@proliferate-infra/orchestrator/report/report";
import { formatChanges, nextSteps, summaryTable } from "@proliferate-infra/orchestrator/terminal/summary";
import { formatDuration } from "@proliferate-infra/shared/values/duration";

const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/proliferate-gateway";
const results: readonly LayerResult[] = [
  {
    layer: "network",
    status: "succeeded",
    durationMs: 61_500,
    changes: { ...NO_CHANGES, create: 3, same: 1 },
    outputs: {},
  },
  { layer: "data", status: "failed", reason: "no such class", durationMs: 900, changes: NO_CHANGES, outputs: {} },
  { layer: "secrets", status: "blocked", cause: "data", durationMs: 0, changes: NO_CHANGES, outputs: {} },
];
const facts = {
  runId: "run-1",
  command: "up",
  stack: "prod",
  commit: null,
  startedAt: new Date(0),
  finishedAt: new Date(1000),
} as const;

describe("report", () => {
  it("agrees with its schema", () => {
    const report = reportOf(facts, results);
    expect(reportSchema.safeParse(report).error).to.equal(undefined);
    expect(report).to.include({ status: "failed", exitCode: 1, startedAt: "1970-01-01T00:00:00.000Z" });
  });

  it("has a current published schema; pnpm generate updates it", () => {
    const published = JSON.parse(
      readFileSync(join(repositoryRoot, "orchestrator/report.schema.json"), "utf8"),
    ) as unknown;
    expect(published).to.deep.equal(JSON.parse(JSON.stringify(z.toJSONSchema(reportSchema))));
  });
});

describe("summary", () => {
  it("is a table with causes, followed by the reasons", () => {
    expect(summaryTable(results).split("\n")).to.deep.equal([
      "layer    status           changes  duration",
      "network  succeeded        +3 =1    1m01s",
      "data     failed                    900ms",
      "secrets  blocked by data",
      "",
      "data: no such class",
    ]);
  });

  it("shows what AWS has queued until the maintenance window, and stays a success", () => {
    const pending = ["Postgres: MultiAZ=true, pending until sun:03:00-sun:04:00 UTC"];
    const data = {
      layer: "data",
      status: "unchanged",
      durationMs: 0,
      changes: NO_CHANGES,
      outputs: {},
      pending,
    } as const;
    expect(summaryTable([data])).to.contain(`data: ${pending.join()}`);
    const report = reportOf(facts, [data]);
    expect(report).to.include({ exitCode: 0, status: "succeeded" });
    expect(report.layers[0]?.pending).to.deep.equal(pending);
  });

  it("prints URLs, repositories and how to push a missing image", () => {
    const outputs = {
      gatewayUrl: "http://gateway.example.com",
      gatewayRepositoryUrl: repository,
      servicesWithoutImage: ["gateway"],
    };
    const text = nextSteps(
      [{ layer: "services", status: "succeeded", durationMs: 1, changes: NO_CHANGES, outputs }],
      "prod",
    );
    expect(text).to.contain("http://gateway.example.com");
    expect(text).to.contain("scripts/push-image.sh gateway <folder of the gateway> --stack prod");
    expect(text).to.contain("scripts/release.sh --stack prod gateway=<tag>");
    expect(nextSteps(results, "prod")).to.equal("");
  });

  it("prints short durations and changes", () => {
    expect([0, 950, 12_340, 125_900].map(formatDuration)).to.deep.equal(["0ms", "950ms", "12.3s", "2m05s"]);
    expect(formatChanges({ create: 12, update: 1, replace: 0, delete: 3, same: 40 })).to.equal("+12 ~1 -3 =40");
  });
});
