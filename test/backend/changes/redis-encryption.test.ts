import { expect } from "chai";
import { redisFaults, type RedisSettings } from "@proliferate-infra/backend/changes/redis-encryption";
import { deployed } from "./deployed.ts";

type Tls = "off" | "preferred" | "required";

const MODES: readonly Tls[] = ["off", "preferred", "required"];

const group = (tls: Tls, token = false) => [
  deployed(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "redis",
    { transitEncryptionEnabled: tls !== "off", transitEncryptionMode: tls === "off" ? "" : tls },
    token ? { authToken: { ciphertext: "v1:..." } } : {},
  ),
];

const wanted = (tls: Tls, changes: Partial<RedisSettings> = {}): RedisSettings => ({
  stack: "prod",
  applyChanges: "at-once",
  redisReplicationEnabled: true,
  redisTransitEncryption: tls !== "off",
  redisTransitEncryptionMode: tls === "preferred" ? "preferred" : "required",
  redisAuthToken: undefined,
  redisAuthTokenUpdateStrategy: "SET",
  ...changes,
});

/** Settings that the commands of a fault deploy, in order. */
const steps = (fix: string) =>
  fix.split("\n").flatMap((line) => {
    const [, action = "", what = ""] = /rollout (configure \w+|up)(.*) --stack prod/.exec(line) ?? [];
    return action === "" ? [] : [action === "up" ? "up" : what.trim()];
  });

const token = { redisAuthToken: "[encrypted]" };

describe("TLS of a deployed Redis", () => {
  it("changes one step at a time", () => {
    const refused = MODES.flatMap((now) =>
      MODES.flatMap((next) => (redisFaults(group(now), wanted(next)).length > 0 ? [`${now} to ${next}`] : [])),
    );
    expect(refused).to.deep.equal(["off to required", "required to off"]);
  });

  it("is refused in one step, with the commands of the two steps", () => {
    const [on] = redisFaults(group("off"), wanted("required"));
    expect(steps(on?.fix ?? "")).to.deep.equal([
      "redisTransitEncryption=true redisTransitEncryptionMode=preferred",
      "up",
      "redisTransitEncryptionMode=required",
      "up",
    ]);
    const [off] = redisFaults(group("required"), wanted("off"));
    expect(steps(off?.fix ?? "")).to.deep.equal([
      "redisTransitEncryption=true redisTransitEncryptionMode=preferred",
      "up",
      "redisTransitEncryption=false",
      "up",
    ]);
  });

  it("has its token after both steps", () => {
    const [fault] = redisFaults(group("off"), wanted("required", token));
    expect(steps(fault?.fix ?? "")).to.deep.equal([
      "redisAuthToken",
      "redisTransitEncryption=true redisTransitEncryptionMode=preferred",
      "up",
      "redisTransitEncryptionMode=required",
      "up",
      "--secret redisAuthToken",
      "redisAuthTokenUpdateStrategy=ROTATE",
      "up",
      "redisAuthTokenUpdateStrategy=SET",
      "up",
    ]);
  });

  it("changes only at once", () => {
    const inWindow = { applyChanges: "in-window" } as const;
    const [fault] = redisFaults(group("off"), wanted("preferred", inWindow));
    expect(steps(fault?.fix ?? "")).to.deep.equal(["applyChanges=at-once"]);
    expect(redisFaults(group("required"), wanted("required", inWindow))).to.deep.equal([]);
  });

  it("does not matter for a Redis that is created", () => {
    expect(redisFaults([], wanted("required", token))).to.deep.equal([]);
    const single = wanted("off", { redisReplicationEnabled: false });
    expect(redisFaults(group("required", true), single)).to.deep.equal([]);
  });
});

describe("the token of a deployed Redis", () => {
  it("begins beside connections without one", () => {
    const [fault] = redisFaults(group("required"), wanted("required", token));
    expect(steps(fault?.fix ?? "")[0]).to.equal("redisAuthTokenUpdateStrategy=ROTATE");
    const rotate = { ...token, redisAuthTokenUpdateStrategy: "ROTATE" } as const;
    expect(redisFaults(group("required"), wanted("required", rotate))).to.deep.equal([]);
    expect(redisFaults(group("preferred"), wanted("required", rotate))).to.deep.equal([]);
  });

  it("changes, and is not removed", () => {
    expect(redisFaults(group("required", true), wanted("required", token))).to.deep.equal([]);
    expect(redisFaults(group("required", true), wanted("required"))).to.have.length(1);
  });
});
