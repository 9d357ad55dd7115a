import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { secretProperties } from "@proliferate-infra/shared/program/unknown-secrets";
import { recordData, tlsAndToken } from "../../stacks/data/recorded-data.ts";
import { recordNetwork } from "../../stacks/network/recorded-network.ts";
import { recordSecrets } from "../../stacks/secrets/recorded-secrets.ts";
import { allImages, recordServices } from "../../stacks/services/recorded-layer.ts";

describe("properties that are made from secrets", () => {
  it("are those that the layers give secret values, no more and no fewer", async () => {
    const token = { redisUrl: pulumi.secret("rediss://:token@redis.example.com:6379"), redisUrlIsSecret: true };
    const keys = ["ANTHROPIC_API_KEY", "DATABASE_URL", "REDIS_URL"];
    const secrets = { gatewaySecretKeys: keys, workerSecretKeys: keys };
    const found = new Set<string>();
    for (const record of [
      () => recordNetwork(),
      () => recordData(tlsAndToken),
      () => recordData({ enableRds: "false", databaseUrlOverride: "postgres://u:p@db.example.com/app" }),
      () => recordSecrets({}, token),
      () => recordServices(allImages, { data: token, secrets }),
    ]) {
      (await record()).recording.secretInputs.forEach((property) => found.add(property));
    }
    const listed = Object.entries(secretProperties).flatMap(([type, properties]) =>
      properties.map((property) => `${type}.${property}`),
    );
    expect([...found]).to.have.members(listed);
  });
});
