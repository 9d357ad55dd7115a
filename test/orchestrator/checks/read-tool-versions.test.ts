/** How the doctor learns the versions of Pulumi's programs. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { judgeTools, readToolVersions } from "@proliferate-infra/orchestrator/checks/tools";

import { locallyBuilt, versions } from "@proliferate-infra/tools/versions.mjs";

describe("the versions of Pulumi's programs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "doctor-tools-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Makes a program that prints `text`. */
  function program(name: string, text: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${text}"\n`);
    chmodSync(join(folder, name), 0o755);
  }

  async function found() {
    const read = await readToolVersions({ PATH: folder, PULUMI_HOME: join(folder, "home") });
    const { pulumi, awsProvider, hasLanguageHost } = read;
    const shown = [pulumi, awsProvider].map((version) => version?.version ?? "none");
    return { shown, hasLanguageHost, faults: judgeTools(read, false, {}).findings.length };
  }

  it("are those of this toolchain", async () => {
    expect(judgeTools(await readToolVersions(process.env), false, {}).findings).to.deep.equal([]);
  });

  it("are read from programs that were not checked before", async () => {
    program("pulumi", "v3.1.0");
    program("pulumi-resource-aws", "6.2.0");
    expect(await found()).to.deep.equal({ shown: ["3.1.0", "6.2.0"], hasLanguageHost: false, faults: 3 });
  });

  it("are read from the toolchain's record next to the programs", async () => {
    program("pulumi", "must not be started");
    program("pulumi-resource-aws", "must not be started");
    program("pulumi-language-nodejs", "must not be started");
    const tools = [
      { name: "pulumi", version: versions.pulumi },
      { name: "aws-provider", version: versions.awsProvider },
    ];
    writeFileSync(join(folder, "toolchain.json"), JSON.stringify({ tools }));
    const shown = [versions.pulumi, versions.awsProvider];
    expect(await found()).to.deep.equal({ shown, hasLanguageHost: true, faults: 0 });
  });

  it("keep the suffix of a local build", async () => {
    program("pulumi", `v${locallyBuilt(versions.pulumi)}`);
    const tools = [{ name: "aws-provider", version: locallyBuilt(versions.awsProvider) }];
    program("pulumi-resource-aws", "must not be started");
    writeFileSync(join(folder, "toolchain.json"), JSON.stringify({ tools }));
    const read = await readToolVersions({ PATH: folder });
    expect(judgeTools({ ...read, hasLanguageHost: true }, true, {}).findings).to.have.length(2);
    expect(judgeTools({ ...read, hasLanguageHost: true }, false, {}).findings).to.deep.equal([]);
  });

  it("are undefined for missing programs; an installed plugin counts for the provider", async () => {
    expect(await found()).to.deep.equal({ shown: ["none", "none"], hasLanguageHost: false, faults: 2 });
    for (const version of ["6.0.0", versions.awsProvider]) {
      mkdirSync(join(folder, `home/plugins/resource-aws-v${version}`), { recursive: true });
    }
    expect((await found()).shown).to.deep.equal(["none", versions.awsProvider]);
  });
});
