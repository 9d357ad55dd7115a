import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { runPulumi } from "@proliferate-infra/rollout/environment/pulumi-command";
import { InvalidRequest } from "@proliferate-infra/rollout/layer-results";
import { fileBackend, fileFacts, stateDirectory } from "@proliferate-infra/rollout/setup/file-backend";
import {
  setUpEnvironment,
  type SetupContext,
  type SetupResult,
} from "@proliferate-infra/rollout/setup/setup-environment";
import { failureOf } from "../../support/failure.ts";
import { TemporaryCheckout } from "../../support/temporary-checkout.ts";

const REGION = "eu-west-1";

describe("a set-up with state in a folder", function () {
  // A dozen runs of pulumi in the longest test.
  this.timeout(120_000);

  let checkout: TemporaryCheckout;
  let told: string[];
  /** Command lines and results of all runs of pulumi. */
  let seen: string[];
  beforeEach(() => {
    checkout = new TemporaryCheckout();
    told = [];
    seen = [];
  });
  afterEach(() => {
    checkout.remove();
  });

  const directory = () => join(checkout.folder, "state");
  const passphraseFile = () => join(directory(), "trial.passphrase");

  function context(changes: Partial<SetupContext> = {}): SetupContext {
    return {
      root: checkout.root,
      env: { PATH: process.env.PATH, HOME: checkout.folder, PULUMI_HOME: checkout.pulumiHome },
      say: (line) => told.push(line),
      confirm: () => Promise.resolve(true),
      pulumi: async (args, where) => {
        const stdout = await runPulumi(args, where);
        seen.push(args.join(" "), stdout);
        return stdout;
      },
      ...changes,
    };
  }

  async function setUp(changes: Partial<SetupContext> = {}): Promise<SetupResult> {
    const facts = fileFacts(directory(), "trial", REGION);
    return setUpEnvironment("trial", await fileBackend(directory(), "trial", facts), context(changes));
  }

  /** `pulumi` as a person would call it afterwards. */
  async function pulumi(layer: string, args: readonly string[], input = ""): Promise<string> {
    const env = { ...context().env, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile() };
    return runPulumi([...args, "--stack", "trial"], { cwd: join(checkout.root, "stacks", layer), env, input });
  }

  it("ends with four stacks that take secrets, which no output has shown the passphrase of", async () => {
    const { status, items } = await setUp();
    expect(status).to.equal("done");
    expect(items.map(({ action }) => action)).to.deep.equal(Array.from({ length: 7 }, () => "create"));
    for (const { name, project } of layers) {
      await pulumi(name, ["config", "set", "token", "--secret"], "s3cret-value");
      expect(await pulumi(name, ["config", "get", "token"]), name).to.equal("s3cret-value");
      const file = checkout.read(`stacks/${name}/Pulumi.trial.yaml`);
      expect(file).not.to.contain("s3cret-value");
      expect(parse(file)).to.have.nested.property("config.aws:region", REGION);
      expect(existsSync(join(directory(), ".pulumi/stacks", project, "trial.json"))).to.equal(true);
    }
    const passphrase = readFileSync(passphraseFile(), "utf8").trim();
    expect(passphrase).to.match(/^[\w-]{43}$/);
    expect(statSync(passphraseFile()).mode & 0o777).to.equal(0o600);
    expect(
      [...told, ...seen, JSON.stringify(items), checkout.read("environments/trial.yaml")].join("\n"),
    ).not.to.contain(passphrase);
    expect(parse(checkout.read("environments/trial.yaml"))).to.deep.equal({
      stateUrl: `file://${directory()}`,
      secretsProvider: "passphrase",
      region: REGION,
      passphraseFile: passphraseFile(),
    });
    const { current } = JSON.parse(readFileSync(join(checkout.pulumiHome, "credentials.json"), "utf8")) as {
      current: string;
    };
    expect(current).to.equal(`file://${directory()}`);
  });
});
