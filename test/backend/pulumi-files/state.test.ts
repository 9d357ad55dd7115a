import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { faultText } from "@proliferate-infra/backend/fault";
import { cutOffOperations, runningUpdates, upstreamRisks } from "@proliferate-infra/backend/program/unsafe-states";
import { UserError } from "@proliferate-infra/backend/errors";
import { isOrphaned } from "@proliferate-infra/backend/lock/pulumi-locks";
import { parseState, publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { decryptValue, encryptValue, keyedHash, openDataKey } from "@proliferate-infra/backend/pulumi-files/secrets";

const secret = (ciphertext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});
// As Pulumi 3.259.0 writes it for the passphrase "correct horse".
const salt = "v1:uJ8wdrPtlEw=:v1:QmnXInb1AiR5/r1K:DjTZF1mo//OP8cdORFYLaFXmNdIOMg==";

const vpc = { urn: "urn:vpc", type: "aws:ec2/vpc:Vpc", id: "vpc-1", protect: true, custom: true };

function stored(outputs: object, more: object = {}): string {
  const resources = [
    { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs },
    { urn: "urn:provider", type: "pulumi:providers:aws", id: "p" },
    { urn: "urn:layer", type: "proliferate:network:NetworkLayer" },
    vpc,
  ];
  const secretsProvider = { type: "passphrase", state: { salt } };
  const latest = { resources, secrets_providers: secretsProvider, ...more };
  return JSON.stringify({ version: 3, checkpoint: { stack: "prod", latest } });
}

describe("a stored state", () => {
  it("has resources, plain and secret outputs, and interrupted operations", () => {
    const pending = [{ type: "creating", resource: { urn: "urn:db" } }];
    const text = stored({ vpcId: "vpc-1", databaseUrl: secret("v1:a:b") }, { pending_operations: pending });
    const state = parseState(text, "etag");
    const { urn, type, id, protect } = vpc;
    expect(state.resources).to.deep.equal([{ urn, type, id, protect, inputs: {}, outputs: {} }]);
    expect(publicValues(state)).to.deep.equal({ vpcId: "vpc-1" });
    expect(state.outputs.databaseUrl?.ciphertext).to.equal("v1:a:b");
    expect(state.pendingOperations).to.deep.equal([{ type: "creating", urn: "urn:db", protect: false }]);
    expect(state.version).to.equal("etag");
  });

  it("may be empty", () => {
    expect(parseState('{"version":3,"checkpoint":{"stack":"prod"}}', "v").resources).to.deep.equal([]);
  });
});

describe("secrets of a stack", () => {
  it("are decrypted with their key, and with no other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const key = randomBytes(32);
        expect(decryptValue(key, encryptValue(key, text))).to.equal(text);
        expect(() => decryptValue(randomBytes(32), encryptValue(key, text))).to.throw();
      }),
    );
    expect(() => decryptValue(randomBytes(32), "v9:a:b")).to.throw("v9");
  });

  it("have a stable hash that depends on the key", async () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: "correct horse" };
    const key = await openDataKey({ type: "passphrase", state: { salt } }, env);
    const hasher = new OutputHasher(env);
    const hashOf = async (text: string) => {
      const { databaseUrl } = await hasher.hashes(
        parseState(stored({ databaseUrl: secret(encryptValue(key, text)) }), "v"),
      );
      return databaseUrl;
    };
    expect(await hashOf("postgres://a")).to.equal(await hashOf("postgres://a"));
    expect(await hashOf("postgres://a")).not.to.equal(await hashOf("postgres://b"));
    expect(keyedHash(key, "x")).not.to.equal(keyedHash(randomBytes(32), "x"));
  });

  it("are refused without their value when they cannot be decrypted", async () => {
    const hasher = new OutputHasher({ PULUMI_CONFIG_PASSPHRASE: "wrong" });
    const state = parseState(stored({ databaseUrl: secret(encryptValue(randomBytes(32), "canary")) }), "v");
    const error: unknown = await hasher.hashes(state).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UserError);
    expect(String(error)).to.include("databaseUrl").and.not.to.include("canary");
  });
});

describe("unsafe states", () => {
  const health = { layer: "data" as const, pendingOperations: [], lastUpdate: undefined, isLocked: false };
  const updated = (result: string) => ({ ...health, lastUpdate: { kind: "update", result, startTime: 1 } });

  it("are upstreams whose last update did not succeed", () => {
    expect(upstreamRisks("prod", [health, updated("succeeded")])).to.deep.equal([]);
    for (const result of ["failed", "in-progress"]) {
      const [fault] = upstreamRisks("prod", [updated(result)]).map(faultText);
      expect(fault).to.include(result).and.to.include("scripts/deploy-all.sh --stack prod --only data");
    }
  });

  it("are upstreams with a running update, whatever the last result was", () => {
    const running = { ...updated("succeeded"), isLocked: true };
    expect(runningUpdates("prod", [updated("failed")])).to.deep.equal([]);
    expect(runningUpdates("prod", [running]).map(faultText).join()).to.include("pulumi cancel --stack prod");
  });

  it("are interrupted operations, each with its name and the command that completes them", () => {
    const pendingOperations = [{ type: "creating", urn: "urn:db", protect: true }];
    const [fault] = cutOffOperations("prod", { ...health, pendingOperations }).map(faultText);
    expect(fault).to.include("creating urn:db");
    expect(fault).to.include("scripts/deploy-all.sh --stack prod --only data");
  });
});

describe("Pulumi's own locks", () => {
  it("are removed only when they are the dead engine's", () => {
    const dead = { runId: "r", user: "ann", host: "laptop", pid: 77 };
    const lock = { pid: 77, username: "ann", hostname: "laptop" };
    expect(isOrphaned(lock, dead)).to.equal(true);
    for (const other of [{ pid: 78 }, { username: "bob" }, { hostname: "desktop" }]) {
      expect(isOrphaned({ ...lock, ...other }, dead)).to.equal(false);
    }
  });
});
