import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { UNKNOWN_HASH } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { differences, partitionDifferences, type Fingerprint } from "@proliferate-infra/orchestrator/model/fingerprint";
import { programDigest } from "@proliferate-infra/orchestrator/decide/program-files";
import type { LayerRecord } from "@proliferate-infra/orchestrator/history/records";
import { reasonsToRun } from "@proliferate-infra/orchestrator/decide/reasons";

const hash = fc.stringMatching(/^[0-9a-f]{4}$/);
const fingerprints: fc.Arbitrary<Fingerprint> = fc.record({
  code: hash,
  settings: hash,
  tools: hash,
  state: hash,
  inputs: fc.dictionary(fc.constantFrom("network.vpcId", "data.redisUrl", "data.databaseUrl"), hash),
});
const PARTS = ["code", "settings", "tools", "state"] as const;

function record(fingerprint: Fingerprint | undefined, status: LayerRecord["status"] = "succeeded"): LayerRecord {
  return {
    ...{ schemaVersion: 1, fencing: 1, runId: "run", command: "up", commit: null, layer: "data", status },
    ...{ by: { user: "ann", host: "laptop", ciUrl: null }, at: "2026-01-01T00:00:00.000Z", durationMs: 1 },
    ...(fingerprint === undefined
      ? {}
      : { good: { fingerprint, at: "2026-01-01T00:00:00.000Z", commit: null, durationMs: 1, consumed: {} } }),
  };
}
const sound = { pendingOperations: [] };

describe("whether a layer must run", () => {
  it("is false when its fingerprint has not changed", () => {
    fc.assert(
      fc.property(fingerprints, (fingerprint) => {
        expect(differences(fingerprint, fingerprint)).to.deep.equal([]);
        expect(reasonsToRun(record(fingerprint), structuredClone(fingerprint), sound)).to.equal(undefined);
        expect(reasonsToRun(record(fingerprint, "unchanged"), fingerprint, sound)).to.equal(undefined);
      }),
    );
  });

  it("is true when a part has changed, with the name of the part", () => {
    fc.assert(
      fc.property(fingerprints, fc.constantFrom(...PARTS), (fingerprint, part) => {
        const now = { ...fingerprint, [part]: `${fingerprint[part]}x` };
        expect(reasonsToRun(record(fingerprint), now, sound)).to.deep.equal([part]);
      }),
    );
  });

  it("is false when only an input differs that cannot be decrypted", () => {
    fc.assert(
      fc.property(fingerprints, (before) => {
        const inputs = { ...before.inputs, "data.databaseUrl": UNKNOWN_HASH };
        expect(differences(before, { ...before, inputs })).to.deep.equal([]);
      }),
    );
  });

  it("is true when an input was added, removed or changed, with its name", () => {
    fc.assert(
      fc.property(fingerprints, fingerprints, (before, other) => {
        const now = { ...before, inputs: other.inputs };
        const names = new Set([...Object.keys(before.inputs), ...Object.keys(other.inputs)]);
        const changed = [...names].filter((name) => before.inputs[name] !== other.inputs[name]).sort();
        expect(differences(before, now)).to.deep.equal(changed);
        expect(partitionDifferences(differences(before, now))).to.deep.equal({ unapplied: [], stale: changed });
      }),
    );
  });

  it("is true when it was never deployed, failed or was interrupted", () => {
    const [fingerprint] = fc.sample(fingerprints, 1);
    if (fingerprint === undefined) {
      throw new Error("no sample");
    }
    expect(reasonsToRun(undefined, fingerprint, sound)).to.deep.equal(["never deployed by a rollout"]);
    expect(reasonsToRun(record(undefined), fingerprint, sound)).to.have.length(1);
    expect(reasonsToRun(record(fingerprint, "failed"), fingerprint, sound)).to.deep.equal(["last time failed"]);
    const pendingOperations = [{ type: "creating", urn: "urn", protect: false }];
    expect(reasonsToRun(record(fingerprint), fingerprint, { pendingOperations })).to.deep.equal(["pending operations"]);
  });
});

describe("the hash of a layer's program", () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "program-"));
    write("stacks/data/index.ts", "one");
    write("stacks/network/index.ts", "one");
    write("shared/src/cidr.ts", "one");
    write("shared/package.json", "{}");
    write("backend/src/program/guard.ts", "one");
    write("backend/package.json", "{}");
    write("pnpm-lock.yaml", "one");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("depends on its own files, the code of shared and backend, and the lockfile", async () => {
    const digests = [await programDigest(root, "data")];
    for (const path of [
      "stacks/data/index.ts",
      "stacks/data/new/file.ts",
      "shared/src/cidr.ts",
      "backend/src/program/guard.ts",
      "pnpm-lock.yaml",
    ]) {
      write(path, "// a comment\none");
      digests.push(await programDigest(root, "data"));
    }
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it("does not depend on the line endings of a checkout", async () => {
    write("stacks/data/index.ts", "one\ntwo\n");
    const before = await programDigest(root, "data");
    write("stacks/data/index.ts", "one\r\ntwo\r\n");
    expect(await programDigest(root, "data")).to.equal(before);
  });

  it("does not depend on other layers, settings and installed packages", async () => {
    const before = await programDigest(root, "data");
    write("stacks/network/index.ts", "two");
    write("stacks/data/Pulumi.prod.yaml", "config: {}");
    // While another command writes settings.
    write("stacks/data/Pulumi.prod.yaml.3514660931", "config: {}");
    write("stacks/data/node_modules/some/index.js", "two");
    expect(await programDigest(root, "data")).to.equal(before);
  });
});
