import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { STATE_URL_VARIABLE } from "@proliferate-infra/backend/environment/environment";
import { LOCAL_BUILDS_VARIABLE } from "@proliferate-infra/backend/local-builds";
import { guardLayer } from "@proliferate-infra/backend/program/guard";
import { writeOutputs } from "@proliferate-infra/testing/deployed-state";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { sampleSettings } from "@proliferate-infra/testing/sample-settings";
import { locallyBuilt, versions } from "@proliferate-infra/tools/versions.mjs";

const network = sampleSettings("network");
const PROJECT = "proliferate-network";
const GUARD_VARIABLE = "ROLLOUT_GUARD";

describe("the guard of a plain pulumi up", () => {
  const variables = [STATE_URL_VARIABLE, LOCAL_BUILDS_VARIABLE, GUARD_VARIABLE, "PATH"];
  const before = variables.map((name) => [name, process.env[name]] as const);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "guard-"));
    mkdirSync(join(folder, "state"));
    mkdirSync(join(folder, "bin"));
    process.env[STATE_URL_VARIABLE] = `file://${join(folder, "state")}`;
    process.env.PATH = join(folder, "bin");
    process.env[LOCAL_BUILDS_VARIABLE] = "";
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });

  /** Runs the guard of a layer, with a CLI of this version on PATH. */
  async function guard(
    version: string,
    protectResources: boolean,
    layer: LayerName = "network",
    settings: object = network,
  ): Promise<string> {
    writeFileSync(join(folder, "bin/pulumi"), "");
    const tools = [{ name: "pulumi", version }];
    writeFileSync(join(folder, "bin/toolchain.json"), JSON.stringify({ tools }));
    const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
    await pulumi.runtime.setMocks(mocks, PROJECT, "prod", false);
    pulumi.runtime.setAllConfig({ [`${PROJECT}:protectResources`]: String(protectResources) });
    return guardLayer(layer, settings).then(
      () => "goes on",
      (error: unknown) => String(error),
    );
  }

  it("lets the official CLI deploy a protected layer", async () => {
    expect(await guard(versions.pulumi, true)).to.equal("goes on");
  });

  it("refuses a locally built CLI there, unless the variable allows it", async () => {
    const built = locallyBuilt(versions.pulumi);
    expect(await guard(built, true)).to.contain(`pulumi ${built} was built on this machine`);
    expect(await guard(built, false)).to.equal("goes on");
    process.env[LOCAL_BUILDS_VARIABLE] = "true";
    expect(await guard(built, true)).to.equal("goes on");
  });

  it("refuses to deploy when the lock cannot be read, unless the variable is off", async () => {
    const lock = join(folder, "state/.rollout/prod/lock");
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, "1.json"), "no lock");
    expect(await guard(versions.pulumi, true))
      .to.contain("Lock and states cannot be read")
      .and.to.contain(`${GUARD_VARIABLE}=off`);
    process.env[GUARD_VARIABLE] = "false";
    expect(await guard(versions.pulumi, true)).to.contain(`${GUARD_VARIABLE}=off`);
    process.env[GUARD_VARIABLE] = "off";
    expect(await guard(versions.pulumi, true)).to.equal("goes on");
  });

  describe("of data", () => {
    /** Runs the guard of data with this prefix, where network was deployed with these outputs. */
    async function guardOfData(resourcePrefix: string, outputs: object): Promise<string> {
      writeOutputs(join(folder, "state"), "network", "prod", outputs);
      const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
      await pulumi.runtime.setMocks(mocks, "proliferate-data", "prod", false);
      pulumi.runtime.setAllConfig({ "proliferate-data:resourcePrefix": resourcePrefix });
      return guardLayer("data", sampleSettings("data")).then(
        () => "goes on",
        (error: unknown) => String(error),
      );
    }
    const commonSettings = { resourcePrefix: "proliferate" };

    it("refuses other common settings than those that network was deployed with", async () => {
      expect(await guardOfData("other", { commonSettings }))
        .to.contain("proliferate-data:resourcePrefix is other")
        .and.contain("network was deployed with proliferate-network:resourcePrefix proliferate");
      expect(readdirSync(join(folder, "state/.rollout/prod/refusals/data"))).to.have.length(1);
      expect(await guardOfData("proliferate", { commonSettings })).to.equal("goes on");
    });

    it("goes on where an earlier version has deployed network", async () => {
      expect(await guardOfData("other", { vpcId: "vpc-1" })).to.equal("goes on");
    });
  });

  it("refuses a major version of Postgres, which only a rollout upgrades", async () => {
    const stacks = join(folder, "state/.pulumi/stacks/proliferate-data");
    mkdirSync(stacks, { recursive: true });
    const type = "aws:rds/instance:Instance";
    const outputs = { identifier: "postgres-1", engineVersion: "16" };
    const database = { urn: `urn:pulumi:prod::data::${type}::postgres`, type, id: "postgres-1", outputs };
    const state = { version: 3, checkpoint: { latest: { resources: [database] } } };
    writeFileSync(join(stacks, "prod.json"), JSON.stringify(state));
    const data = (dbEngineVersion: string) => sampleSettings("data", { dbEngineVersion });
    expect(await guard(versions.pulumi, true, "data", data("17"))).to.contain("--allow-upgrade");
    expect(await guard(versions.pulumi, true, "data", data("16"))).to.equal("goes on");
  });
});
