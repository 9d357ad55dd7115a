import { statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { OutputRelay } from "@proliferate-infra/orchestrator/output-relay/server";
import { relayOfThisRun, type RelayClient } from "@proliferate-infra/shared/output-relay/client";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { relayAddress, RELAY_VARIABLE } from "@proliferate-infra/shared/output-relay/protocol";
import { withVariables } from "@proliferate-infra/testing/process-variables";

describe("the relay of outputs", () => {
  let server: OutputRelay;
  let data: RelayClient;
  beforeEach(async () => {
    server = await OutputRelay.open(["network", "data"], "previews");
    data = clientOf("data");
  });
  afterEach(() => {
    server.close();
  });

  function clientOf(layer: LayerName): RelayClient {
    const client = relayOfThisRun(layer, server.variables);
    if (client === undefined) {
      throw new Error("no relay");
    }
    return client;
  }
  const address = () => relayAddress.parse(JSON.parse(server.variables[RELAY_VARIABLE] ?? ""));
  const rejection = (promise: Promise<unknown>) =>
    promise.then(
      () => "resolved",
      (error: unknown) => String(error),
    );

  it("exists only for programs of a rollout", () => {
    expect(relayOfThisRun("data", {})).to.equal(undefined);
    expect([data.covers("network"), data.covers("services")]).to.deep.equal([true, false]);
  });

  it("accepts planned outputs only in previews", async () => {
    expect([data.wants("data", true), data.wants("data", false), data.wants("services", false)]).to.deep.equal([
      true,
      true,
      false,
    ]);
    server.close();
    server = await OutputRelay.open(["network", "data"], "deployments");
    const deployed = clientOf("data");
    expect([deployed.wants("data", true), deployed.wants("data", false)]).to.deep.equal([false, true]);
  });

  it("makes readers wait for the value", async () => {
    const early = Promise.all([data.keysOf("network"), data.output("network", "vpcId")]);
    const network = clientOf("network");
    await network.announce("network", ["vpcId"]);
    await network.publish("network", "vpcId", { known: true, secret: false, value: "vpc-1" });
    expect(await early).to.deep.equal([["vpcId"], { known: true, secret: false, value: "vpc-1" }]);
  });

  it("records who got unknown values", async () => {
    await data.publish("network", "vpcId", { known: false, secret: false });
    await data.publish("network", "zones", { known: true, secret: false, value: ["a"] });
    await Promise.all([data.output("network", "vpcId"), data.output("network", "zones")]);
    expect(server.unknownInputs("data")).to.deep.equal(["network.vpcId"]);
    expect(server.unknownInputs("services")).to.deep.equal([]);
  });

  it("notifies readers that a value will not come", async () => {
    const waiting = [rejection(data.keysOf("network")), rejection(data.output("network", "vpcId"))];
    await data.announce("data", ["redisUrl"]);
    server.end("network", false);
    server.end("data", false);
    expect(await Promise.all(waiting)).to.deep.equal([
      "Error: The layer network ended without handing over its outputs.",
      "Error: The layer network ended without handing over vpcId.",
    ]);
    expect(await rejection(data.output("network", "late"))).to.include("without handing over late");
    expect(await data.keysOf("data")).to.deep.equal(["redisUrl"]);
  });

  it("accepts only this user with its token", async () => {
    expect(statSync(dirname(address().socket)).mode & 0o077).to.equal(0);
    const answer = await new Promise((resolve) => {
      request(
        { socketPath: address().socket, path: "/outputs/network", headers: { "x-rollout-token": "guess" } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      ).end();
    });
    expect(answer).to.equal(409);
  });

  it("works when the temporary folder has a long path", async () => {
    const restore = withVariables({ TMPDIR: join(tmpdir(), "long".repeat(30)) });
    server.close();
    try {
      server = await OutputRelay.open(["network"], "deployments");
    } finally {
      restore();
    }
    await clientOf("network").announce("network", ["vpcId"]);
    expect(await clientOf("data").keysOf("network")).to.deep.equal(["vpcId"]);
  });

  it("refuses layers that do not run, and reports that its rollout has ended", async () => {
    expect(await rejection(data.keysOf("services"))).to.include("does not run the layer services");
    const variables = server.variables;
    server.close();
    const orphan = relayOfThisRun("data", variables);
    expect(await rejection(orphan?.keysOf("network") ?? Promise.resolve())).to.include("has ended");
    server = await OutputRelay.open([], "previews");
  });
});
