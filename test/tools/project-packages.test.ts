import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { installPackages } from "@proliferate-infra/tools/lib/project-packages.mjs";
import { ToolFault } from "@proliferate-infra/tools/lib/tool-fault.mjs";
import { setUpContext, temporaryFolder } from "./support/set-up-context.ts";

describe("installing the project's packages", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let checkout: string;
  beforeEach(() => {
    folder = temporaryFolder();
    checkout = join(folder.path, "checkout");
    const dependencies = { left: "1.0.0" };
    write("pnpm-workspace.yaml", "packages:\n  - shared\n  - stacks/*\n\ncatalog:\n  left: 1.0.0\n");
    write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    write("package.json", JSON.stringify({ dependencies }));
    write("shared/package.json", JSON.stringify({ name: "shared" }));
    write("stacks/network/package.json", JSON.stringify({ dependencies }));
    write("programs/pnpm", '#!/bin/sh\necho "$*" >> calls\nmkdir -p node_modules stacks/network/node_modules\n');
    chmodSync(join(checkout, "programs/pnpm"), 0o755);
  });
  afterEach(() => {
    folder.remove();
  });

  function write(path: string, text: string): void {
    mkdirSync(join(checkout, path, ".."), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
  const context = () => setUpContext(join(folder.path, "cache"), { path: `${checkout}/programs:/usr/bin:/bin` });
  const install = () => installPackages(checkout, context());
  const calls = () => readFileSync(join(checkout, "calls"), "utf8").trim().split("\n");

  it("runs pnpm once with the lockfile, and then reports that everything is installed", async () => {
    expect(await install()).to.equal(true);
    expect(await install()).to.equal(false);
    expect(calls()).to.have.length(1);
    expect(calls()[0]).to.match(/^install --frozen-lockfile --prefer-offline /);
  });

  it("runs again when the lockfile or a manifest changed, or node_modules is missing", async () => {
    await install();
    write("pnpm-lock.yaml", "lockfileVersion: '9.1'\n");
    expect(await install(), "lockfile").to.equal(true);
    write("stacks/network/package.json", JSON.stringify({ dependencies: { left: "2.0.0" } }));
    expect(await install(), "manifest").to.equal(true);
    write("stacks/data/package.json", "{}");
    expect(await install(), "new package").to.equal(true);
    rmSync(join(checkout, "stacks/network/node_modules"), { recursive: true });
    expect(await install(), "node_modules").to.equal(true);
    expect(await install()).to.equal(false);
  });

  it("runs once for two callers at the same time", async () => {
    expect((await Promise.all([install(), install()])).filter(Boolean)).to.have.length(1);
    expect(calls()).to.have.length(1);
  });

  it("reports a failure with pnpm's last lines, and tries again the next time", async () => {
    const pnpm = readFileSync(join(checkout, "programs/pnpm"), "utf8");
    write("programs/pnpm", "#!/bin/sh\necho ERR_PNPM_OUTDATED_LOCKFILE >&2\nexit 1\n");
    const error: unknown = await install().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ToolFault);
    expect((error as ToolFault).log).to.deep.equal(["ERR_PNPM_OUTDATED_LOCKFILE"]);
    write("programs/pnpm", pnpm);
    expect(await install()).to.equal(true);
  });
});
