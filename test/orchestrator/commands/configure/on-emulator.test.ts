import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { layers } from "@proliferate-infra/shared/layers";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";

const cli = join(root, "orchestrator/src/cli.ts");
const STACK = `configure-test-${process.pid}`;

describe("configure with secrets that a KMS key encrypts", function () {
  this.timeout(120_000);

  let emulator: SharedEmulator;
  let home: string;
  before(async () => {
    emulator = await sharedTestEmulator();
    home = realpathSync(mkdtempSync(join(tmpdir(), "configure-kms-")));
  });
  after(() => {
    rmSync(home, { recursive: true });
    const made = layers.map(({ directory }) => join(directory, `Pulumi.${STACK}.yaml`));
    for (const path of [...made, `environments/${STACK}.yaml`, `environments/.configure-${STACK}`]) {
      rmSync(join(root, path), { recursive: true, force: true });
    }
  });

  async function rollout(args: readonly string[], input = "") {
    const env = { ...emulator.env, PULUMI_HOME: home, PULUMI_BACKEND_URL: undefined, ROLLOUT_STATE_URL: undefined };
    return execa(process.execPath, [cli, ...args, "--stack", STACK], { env, extendEnv: false, reject: false, input });
  }

  const dataKeys = (text: string) => text.match(/^encryptedkey: .+$/gm) ?? [];

  it("sets them after a set-up, repeats without a change, and keeps the stack's data key", async () => {
    const setUp = await rollout(["setup", "--yes"]);
    expect(setUp.exitCode, setUp.stderr).to.equal(0);
    const file = join(root, `stacks/secrets/Pulumi.${STACK}.yaml`);
    const first = await rollout(["configure", "set", "--secret", "anthropicApiKey"], "anthropic-canary");
    expect(first.exitCode, first.stderr).to.equal(0);
    const text = readFileSync(file, "utf8");
    expect(dataKeys(text)).to.have.length(1);
    expect(text).to.contain("secretsprovider: awskms://").and.not.contain("canary");

    const again = await rollout(["configure", "set", "--secret", "anthropicApiKey"], "anthropic-canary");
    expect(again.stderr).to.contain("Nothing had to be changed.");
    expect(readFileSync(file, "utf8")).to.equal(text);

    const second = await rollout(["configure", "set", "--secret", "e2bApiKey"], "e2b-canary");
    expect(second.exitCode, second.stderr).to.equal(0);
    expect(dataKeys(readFileSync(file, "utf8"))).to.deep.equal(dataKeys(text));
    const compared = await rollout(["configure", "set", "--secret", "e2bApiKey"], "e2b-canary");
    expect(compared.stderr).to.contain("Nothing had to be changed.");
  });
});
