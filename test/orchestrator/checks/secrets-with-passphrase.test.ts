/** Secrets that a passphrase opens, in settings that Pulumi itself has written. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openSecrets } from "@proliferate-infra/orchestrator/checks/open-secrets";
import { findStackFiles, type StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { judgeSecrets } from "@proliferate-infra/orchestrator/checks/secrets";
import { runPulumi } from "@proliferate-infra/orchestrator/pulumi/command";
import { fileBackend, fileFacts } from "@proliferate-infra/orchestrator/bootstrap/file-backend";
import { setUpEnvironment } from "@proliferate-infra/orchestrator/commands/setup/setup-environment";
import { layerNames } from "@proliferate-infra/shared/layers";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

const STACK = "trial";
const KEY = "proliferate-data:dbPassword";

describe("secrets with a passphrase", function () {
  // Half a dozen runs of pulumi, and a million rounds of hashing for each layer.
  this.timeout(120_000);
  let checkout: TemporaryCheckout;
  let passphraseFile: string;
  let found: StackFiles;
  before(async () => {
    checkout = new TemporaryCheckout();
    const directory = join(checkout.folder, "state");
    const facts = fileFacts(directory, STACK, "eu-west-1");
    passphraseFile = join(directory, `${STACK}.passphrase`);
    const env = { PATH: process.env.PATH, HOME: checkout.folder, PULUMI_HOME: checkout.pulumiHome };
    await setUpEnvironment(STACK, await fileBackend(directory, STACK, facts), {
      root: checkout.root,
      env,
      say: () => undefined,
      confirm: () => Promise.resolve(true),
      protectResources: () => Promise.resolve(false),
      organization: new Map(),
      pulumi: runPulumi,
    });
    await runPulumi(["config", "set", KEY, "--secret", "--stack", STACK], {
      cwd: join(checkout.root, "stacks/data"),
      env: { ...env, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile },
      input: "password-canary",
    });
    found = findStackFiles(checkout.root, STACK, layerNames);
  });
  after(() => {
    checkout.remove();
  });

  async function judged(env: NodeJS.ProcessEnv) {
    const opened = await openSecrets(found.files, env);
    const { findings } = judgeSecrets(found.files, opened, { stack: STACK, expected: "passphrase" });
    return { opened, findings };
  }

  it("can be decrypted", async () => {
    expect(found.faults).to.deep.equal([]);
    const { opened, findings } = await judged({ PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile });
    expect(findings).to.deep.equal([]);
    expect(opened.texts.get("data")?.get(KEY)).to.equal("password-canary");
  });

  it("cannot be decrypted with another passphrase, in every layer", async () => {
    const other = join(checkout.folder, "other");
    writeFileSync(other, "of somebody else");
    const { opened, findings } = await judged({ PULUMI_CONFIG_PASSPHRASE_FILE: other });
    expect(opened.locked.map(({ layer }) => layer)).to.deep.equal(layerNames);
    expect(findings).to.have.length(1);
    expect(findings[0]?.message).to.contain("is not the one that encrypted them");
    expect(findings[0]?.fix).to.contain("PULUMI_CONFIG_PASSPHRASE_FILE");
  });

  it("cannot be decrypted without a passphrase or its file", async () => {
    for (const env of [{}, { PULUMI_CONFIG_PASSPHRASE_FILE: join(checkout.folder, "nowhere") }]) {
      const { findings } = await judged(env);
      expect(findings).to.have.length(1);
      expect(findings[0]).to.include({ check: "secrets", severity: "error" });
      expect(findings[0]?.fix).to.contain("PULUMI_CONFIG_PASSPHRASE_FILE");
    }
  });
});
