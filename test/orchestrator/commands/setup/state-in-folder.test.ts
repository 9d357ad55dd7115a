import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { runPulumi } from "@proliferate-infra/orchestrator/pulumi/command";
import { UserError } from "@proliferate-infra/backend/errors";
import { fileBackend, fileFacts, stateDirectory } from "@proliferate-infra/orchestrator/bootstrap/file-backend";
import {
  setUpEnvironment,
  type SetupContext,
  type SetupResult,
} from "@proliferate-infra/orchestrator/commands/setup/setup-environment";
import { addResource } from "@proliferate-infra/testing/deployed-state";
import { failureOf } from "@proliferate-infra/testing/failure";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

const REGION = "eu-west-1";

describe("a set-up with state in a folder", function () {
  // A dozen runs of pulumi in the longest test.
  this.timeout(120_000);

  let checkout: TemporaryCheckout;
  let messages: string[];
  /** Command lines and results of all runs of pulumi. */
  let seen: string[];
  beforeEach(() => {
    checkout = new TemporaryCheckout();
    messages = [];
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
      say: (line) => messages.push(line),
      confirm: () => Promise.resolve(true),
      protectResources: () => Promise.resolve(true),
      organization: new Map(),
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

  it("creates four stacks for secrets without printing the passphrase", async () => {
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
      [...messages, ...seen, JSON.stringify(items), checkout.read("environments/trial.yaml")].join("\n"),
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

  /** Texts of everything that a set-up makes, without what is random. */
  function made(): unknown {
    return [
      ...layers.map(({ name }) => Object.keys(parse(checkout.read(`stacks/${name}/Pulumi.trial.yaml`)) as object)),
      ...layers.map(({ project }) => existsSync(join(directory(), ".pulumi/stacks", project, "trial.json"))),
      readFileSync(passphraseFile(), "utf8").length,
      checkout.read("environments/trial.yaml").replaceAll(checkout.folder, "FOLDER"),
    ];
  }

  it("changes and asks nothing a second time", async () => {
    await setUp();
    const before = [made(), readFileSync(passphraseFile(), "utf8"), checkout.read("stacks/data/Pulumi.trial.yaml")];
    const again = await setUp({ confirm: () => Promise.reject(new Error("asked")) });
    expect(again.status).to.equal("unchanged");
    const after = [made(), readFileSync(passphraseFile(), "utf8"), checkout.read("stacks/data/Pulumi.trial.yaml")];
    expect(after).to.deep.equal(before);
  });

  it("has the same result after an interruption before any run of pulumi", async () => {
    await setUp();
    const wanted = made();
    for (let allowed = 0; allowed <= layers.length; allowed++) {
      checkout.remove();
      checkout = new TemporaryCheckout();
      let runs = 0;
      const interrupted = setUp({
        pulumi: (args, where) => (runs++ < allowed ? runPulumi(args, where) : Promise.reject(new Error("interrupted"))),
      });
      expect((await failureOf(interrupted)).message).to.equal("interrupted");
      expect(existsSync(join(checkout.root, "environments/trial.yaml"))).to.equal(false);
      await setUp();
      expect(made(), `after ${allowed} runs`).to.deep.equal(wanted);
    }
  });

  it("has one passphrase after two set-ups at the same time", async () => {
    const facts = fileFacts(directory(), "trial", REGION);
    const [first, second] = [
      await fileBackend(directory(), "trial", facts),
      await fileBackend(directory(), "trial", facts),
    ];
    await first.apply();
    const passphrase = readFileSync(passphraseFile(), "utf8");
    await second.apply();
    expect(readFileSync(passphraseFile(), "utf8")).to.equal(passphrase);
  });

  it("changes nothing when the answer is no", async () => {
    expect(await setUp({ confirm: () => Promise.resolve(false) })).to.have.property("status", "declined");
    expect(existsSync(directory())).to.equal(false);
    expect(existsSync(join(checkout.root, "stacks/data/Pulumi.trial.yaml"))).to.equal(false);
  });

  it("writes settings files of existing stacks to a second machine's checkout", async () => {
    await setUp();
    rmSync(join(checkout.root, "stacks/data/Pulumi.trial.yaml"));
    const { items } = await setUp();
    expect(items.filter(({ action }) => action === "fix").map(({ what }) => what)).to.deep.equal(["stack of data"]);
    await pulumi("data", ["config", "set", "token", "--secret"], "s3cret-value");
    expect(await pulumi("data", ["config", "get", "token"])).to.equal("s3cret-value");
  });

  describe("refuses", () => {
    async function refusal(): Promise<string> {
      const failure = await failureOf(setUp());
      expect(failure).instanceOf(UserError);
      return [...messages, failure.message].join("\n");
    }

    it("to replace a missing or empty passphrase", async () => {
      await setUp();
      writeFileSync(passphraseFile(), "\n");
      expect(await refusal()).to.contain("is empty");
      rmSync(passphraseFile());
      expect(await refusal()).to.contain("is missing; the stacks' secrets cannot be read without it");
      expect(existsSync(passphraseFile())).to.equal(false);
    });

    it("an environment with other facts", async () => {
      await setUp();
      const file = join(checkout.root, "environments/trial.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace(REGION, "us-east-1"));
      expect(await refusal()).to.contain(`region: us-east-1, but now it would be ${REGION}`);
    });

    it("settings of another provider or region, naming the files", async () => {
      for (const [layer, text] of [
        ["network", "secretsprovider: awskms://alias/other\n"],
        ["services", "config:\n  aws:region: us-east-1\n"],
      ] as const) {
        writeFileSync(join(checkout.root, "stacks", layer, "Pulumi.trial.yaml"), text);
      }
      const text = await refusal();
      expect(text).to.contain("stacks/network/Pulumi.trial.yaml, which uses awskms://alias/other; move it away");
      expect(text).to.contain(`has aws:region us-east-1 in stacks/services/Pulumi.trial.yaml, not ${REGION}`);
      expect(existsSync(directory())).to.equal(false);
    });

    it("to create new settings for a deployed environment", async () => {
      await setUp();
      addResource(directory(), "data", "trial");
      rmSync(join(checkout.root, "stacks/data/Pulumi.trial.yaml"));
      expect(await refusal()).to.contain("stacks/data/Pulumi.trial.yaml are missing here");
      expect(existsSync(join(checkout.root, "stacks/data/Pulumi.trial.yaml"))).to.equal(false);
    });

    it("a folder in the repository, even through a link", () => {
      expect(() => stateDirectory(join(checkout.root, "state"), checkout.root)).to.throw(UserError, "outside");
      expect(() => stateDirectory(checkout.root, checkout.root)).to.throw(UserError, "outside");
      symlinkSync(checkout.root, join(checkout.folder, "link"));
      expect(() => stateDirectory(join(checkout.folder, "link/state"), checkout.root)).to.throw("outside");
      expect(stateDirectory(join(checkout.folder, "new/state"), checkout.root)).to.equal(
        join(checkout.folder, "new/state"),
      );
    });
  });

  it("keeps an existing passphrase, and makes it private", async () => {
    await setUp();
    const passphrase = readFileSync(passphraseFile(), "utf8");
    chmodSync(passphraseFile(), 0o644);
    await setUp();
    expect(readFileSync(passphraseFile(), "utf8")).to.equal(passphrase);
    expect(statSync(passphraseFile()).mode & 0o777).to.equal(0o600);
  });
});
