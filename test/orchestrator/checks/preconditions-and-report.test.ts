/** Reports of contracts, interrupted operations and the lock, and their text. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { asFault, isSound, report } from "@proliferate-infra/orchestrator/checks/finding";
import { judgePreconditions } from "@proliferate-infra/orchestrator/checks/preconditions";
import { doctorDocument, doctorText, faultsText } from "@proliferate-infra/orchestrator/checks/report-text";
import { lackingOutputs } from "@proliferate-infra/orchestrator/safety/lacking-outputs";
import { readPreconditions } from "@proliferate-infra/orchestrator/safety/preconditions";
import { UserError } from "@proliferate-infra/backend/errors";
import type { StoredOutput } from "@proliferate-infra/backend/pulumi-files/state";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { writeOutputs } from "@proliferate-infra/testing/deployed-state";
import { sampleConfiguration } from "@proliferate-infra/testing/sample-configuration";
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";

describe("outputs of a layer that a run leaves out", () => {
  const plain = (value: unknown): StoredOutput => ({ value, ciphertext: undefined });
  const data: Record<string, StoredOutput> = {
    databaseUrl: { value: undefined, ciphertext: "v1:a:b" },
    redisUrl: plain("redis://r"),
    redisUrlIsSecret: plain(false),
  };
  const lacking = (outputs: Record<string, StoredOutput>, readers: readonly ("secrets" | "services")[]) =>
    lackingOutputs("prod", readers, [{ layer: "data", outputs }]).map(({ message }) => message);

  it("are complete when all outputs that are read exist", () => {
    expect(lacking(data, ["secrets", "services"])).to.deep.equal([]);
    expect(lacking({ ...data, somethingElse: plain(1) }, ["secrets"])).to.deep.equal([]);
  });

  it("are reported one by one when they are missing, with the layers that read them", () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(data), { minLength: 1 }), (kept) => {
        const outputs = Object.fromEntries(Object.entries(data).filter(([key]) => kept.includes(key)));
        const gone = consumedKeys("secrets", "data").filter((key) => !kept.includes(key));
        expect(lacking(outputs, ["secrets"])).to.have.members(
          gone.map((key) => `data.${key}, which secrets would read, is missing in its state.`),
        );
      }),
    );
    expect(lacking({ redisUrl: plain("redis://r") }, ["secrets", "services"])).to.include(
      "data.redisUrlIsSecret, which secrets and services would read, is missing in its state.",
    );
  });

  it("must have the expected type and secretness", () => {
    expect(lacking({ ...data, redisUrlIsSecret: plain("no") }, ["services"])).to.deep.equal([
      'data.redisUrlIsSecret, which services would read, is not of the kind "yes or no" in its state.',
    ]);
    expect(lacking({ ...data, databaseUrl: plain("postgres://canary") }, ["secrets"])).to.deep.equal([
      "data.databaseUrl, which secrets would read, is not secret in its state.",
    ]);
  });

  it("give one error when the layer is not deployed", () => {
    expect(lacking({}, ["secrets", "services"])).to.deep.equal([
      "data is not deployed, but secrets and services would be built on it.",
    ]);
  });
});

describe("common settings of a run that leaves upstreams out", () => {
  it("must be those that the upstreams were deployed with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "preconditions-"));
    writeOutputs(folder, "network", "prod", { commonSettings: { resourcePrefix: "other", gatewayPort: "8787" } });
    const store = fileObjectStore(folder);
    const found = async (order: readonly LayerName[]) => {
      const { contracts } = await readPreconditions(
        store,
        "prod",
        order,
        order.map((layer) => sampleConfiguration(layer)),
      );
      return contracts.map(({ message }) => message).filter((message) => message.includes("was deployed with"));
    };
    expect(await found(["secrets", "data", "services"])).to.deep.equal(
      ["data", "services"].map(
        (layer) =>
          `proliferate-${layer}:resourcePrefix is proliferate, but network was deployed with proliferate-network:resourcePrefix other.`,
      ),
    );
    expect(await found(["network", "data"])).to.deep.equal([]);
    store.close();
    rmSync(folder, { recursive: true });
  });
});

describe("the check of upstream layers", () => {
  const fault = { message: "m", fix: "do" };
  const preconditions = { contracts: [fault], states: [fault], risks: [], cutOff: [fault], deprecated: [fault] };

  it("reports interrupted operations only while no run is active", () => {
    const { contracts, operations } = judgePreconditions({ preconditions, holder: undefined });
    expect(contracts.findings.map(({ severity }) => severity)).to.deep.equal(["error", "warning"]);
    expect(operations.findings.map(({ severity }) => severity)).to.deep.equal(["error", "warning"]);
    const { operations: held } = judgePreconditions({ preconditions, holder: "ann on laptop" });
    expect(held.findings.map(({ severity }) => severity)).to.deep.equal(["warning"]);
    expect(held.findings[0]?.message).to.contain("ann on laptop");
  });
});

describe("the doctor's report", () => {
  const error = { message: "It is wrong:\n  here", fix: "fix it" };
  const warning = { message: "It is odd.", fix: "look at it" };
  const reports = [
    report("tools", []),
    report("state", [error], [warning]),
    report("settings", [], [warning]),
    { check: "contracts", findings: [], notLooked: "see state" } as const,
  ];

  it("groups findings by check and counts them", () => {
    expect(doctorText(reports)).to.equal(
      [
        "✔ tools: passed",
        "✖ state: failed",
        "  error: It is wrong:",
        "    here",
        "    fix it",
        "  warning: It is odd.",
        "    look at it",
        "! settings: warning",
        "  warning: It is odd.",
        "    look at it",
        "- contracts: not checked: see state",
        "",
        "1 error, 2 warnings",
      ].join("\n"),
    );
    expect(faultsText(reports)).not.to.contain("tools");
    expect(reports.map(isSound)).to.deep.equal([true, false, true, false]);
  });

  it("is a document for machines, with exit code 3 for errors only", () => {
    expect(doctorDocument("prod", reports)).to.deep.include({ schemaVersion: 1, stack: "prod", exitCode: 3 });
    expect(doctorDocument("prod", reports).notLooked).to.deep.equal([{ check: "contracts", reason: "see state" }]);
    expect(doctorDocument("prod", [report("state", [], [warning])]).exitCode).to.equal(0);
  });

  it("reports an AWS error as a finding, and rethrows a bug", () => {
    const answer = Object.assign(new Error("not you"), { name: "AccessDenied", $metadata: {} });
    expect(asFault(answer, "The bucket").message).to.equal("The bucket cannot be read: AccessDenied: not you");
    expect(asFault(new UserError("a\nb"), "x")).to.deep.equal({ message: "a", fix: "b" });
    expect(() => asFault(new TypeError("bug"), "x")).to.throw(TypeError);
  });
});
