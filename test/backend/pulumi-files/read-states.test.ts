/** Where the layers' states are found, and when a layer counts as deployed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { isAnyDeployed, isDeployed, readState, stateKey } from "@proliferate-infra/backend/pulumi-files/read-states";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import { planStacks } from "@proliferate-infra/orchestrator/bootstrap/environment-stacks";

const STACK = "trial";

describe("the states of an environment", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "states-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const store = () => fileObjectStore(folder);
  const write = (content: string | Buffer, suffix = "") => {
    const path = join(folder, stateKey(STACK, "data")) + suffix;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  const state = (resources: readonly object[]) => JSON.stringify({ checkpoint: { latest: { resources } } });

  it("are empty and have no version for layers without the stack", async () => {
    expect(await readState(store(), STACK, "data")).to.deep.include({ resources: [], version: undefined });
    expect(await isAnyDeployed(store(), STACK)).to.equal(false);
  });

  it("count as deployed with an AWS resource; components and providers do not count", async () => {
    const component = { urn: "urn:component", type: "proliferate:data:Data" };
    const provider = { urn: "urn:provider", type: "pulumi:providers:aws", id: "1" };
    write(state([component, provider]));
    expect(isDeployed(await readState(store(), STACK, "data"))).to.equal(false);
    write(state([component, provider, { urn: "urn:database", type: "aws:rds/instance:Instance", id: "db" }]));
    expect(isDeployed(await readState(store(), STACK, "data"))).to.equal(true);
    expect(await isAnyDeployed(store(), STACK)).to.equal(true);
  });

  it("are refused by every command when they are compressed", async () => {
    write(gzipSync(state([])), ".gz");
    const facts = { stateUrl: `file://${folder}`, secretsProvider: "passphrase" };
    for (const reading of [
      readState(store(), STACK, "data"),
      planStacks({ root: folder, stack: STACK, store: store() }, facts),
    ]) {
      const failure: unknown = await reading.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(UserError);
      expect(String(failure)).to.contain("trial.json.gz").and.to.contain("PULUMI_DIY_BACKEND_GZIP");
    }
  });
});
