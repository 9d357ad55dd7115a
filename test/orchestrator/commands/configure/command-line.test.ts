import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { layerNames } from "@proliferate-infra/shared/layers";
import { addResource } from "@proliferate-infra/testing/deployed-state";
import { decrypted, setUpInFolder, type FolderEnvironment } from "@proliferate-infra/testing/folder-environment";
import { sampleValues } from "@proliferate-infra/testing/sample-configuration";
import { Key, Terminal } from "@proliferate-infra/testing/terminal";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";

const cli = join(root, "orchestrator/src/cli.ts");
// In the real checkout, hence names that nobody has.
const STACK = `dev-configure-${process.pid}`;
const OTHER = `${STACK}-other`;

const PEM = sampleValues.githubAppPrivateKey?.trimEnd() ?? "";
const ANSWERS = `# answers of ${STACK}
DEFAULT_SANDBOX_PROVIDER=e2b
dbPassword=${sampleValues.dbPassword ?? ""}
SERVICE_TO_SERVICE_AUTH_TOKEN=service-token-canary
USER_SECRETS_ENCRYPTION_KEY=user-key-canary
ANTHROPIC_API_KEY=anthropic-canary
BETTER_AUTH_SECRET=better-auth-canary-0123456789abcdef
GATEWAY_JWT_SECRET=gateway-jwt-canary-0123456789abcdef
GITHUB_APP_PRIVATE_KEY="${PEM}"
GITHUB_APP_WEBHOOK_SECRET=webhook-canary
BILLING_JWT_SECRET=billing-jwt-canary-0123456789abcdef
AUTUMN_API_KEY=autumn-canary
RESEND_API_KEY=resend-canary
E2B_API_KEY=e2b-canary
LITELLM_MASTER_KEY=sk-0123456789abcdef0123
GITHUB_APP_ID=12345
NEXT_PUBLIC_GITHUB_APP_SLUG=my-app
AUTUMN_API_URL=https://api.useautumn.com
EMAIL_FROM="Proliferate <noreply@example.com>"
E2B_DOMAIN=e2b.dev
E2B_TEMPLATE=my-template
E2B_TEMPLATE_ALIAS=base
NEXT_PUBLIC_APP_URL=https://app.example.com
S3_BUCKET=my-proliferate-files
natGateways=per-zone
NODE_ENV=production
`;

describe("the command line of configure", function () {
  // Some dozen runs of pulumi.
  this.timeout(180_000);

  let folder: string;
  let answersFile: string;
  let environments: FolderEnvironment[];
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "configure-command-")));
    answersFile = join(folder, "answers.env");
    writeFileSync(answersFile, ANSWERS);
    writeFileSync(join(folder, "key.pem"), `${PEM}\n`);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    environments = [];
  });
  afterEach(() => {
    for (const { stack, files } of environments) {
      for (const path of [
        ...files,
        join(root, `environments/${stack}.yaml`),
        join(root, `environments/.configure-${stack}`),
      ]) {
        rmSync(path, { recursive: true, force: true });
      }
      rmSync(join(folder, stack), { recursive: true });
    }
  });

  async function setUp(stack = STACK): Promise<FolderEnvironment> {
    const environment = await setUpInFolder(root, join(folder, stack), stack);
    environments.push(environment);
    return environment;
  }

  async function configure({ env, stack }: FolderEnvironment, args: readonly string[], input = "") {
    const ended = await execa(process.execPath, [cli, "configure", "--stack", stack, ...args], {
      env,
      extendEnv: false,
      reject: false,
      input,
    });
    expect(`${ended.stdout}${ended.stderr}`, "no secret is printed").not.to.match(/canary|correct-horse|TUlJRXB/);
    return ended;
  }

  const everything = async (environment: FolderEnvironment) => {
    const settings = await Promise.all(layerNames.map((layer) => decrypted(environment, layer)));
    return Object.assign({}, ...settings) as Record<string, string>;
  };

  it("configures all layers from an answers file, lists ignored variables, and changes nothing a second time", async () => {
    const environment = await setUp();
    const { exitCode, stderr } = await configure(environment, ["set", "--from-env-file", answersFile]);
    expect(exitCode, stderr).to.equal(0);
    expect(stderr)
      .to.contain("natGateways set in network")
      .and.contain("defaultSandboxProvider set in secrets, services")
      .and.contain("Ignored, because they are no settings: NODE_ENV")
      .and.contain(`${STACK} is configured. Next:\n  scripts/deploy-all.sh --stack ${STACK}`);
    expect(await everything(environment)).to.include({
      "proliferate-secrets:githubAppPrivateKey": PEM,
      "proliferate-secrets:llmProxyMasterKey": "sk-0123456789abcdef0123",
      "proliferate-services:emailFrom": "Proliferate <noreply@example.com>",
    });
    const texts = environment.files.map((path) => readFileSync(path, "utf8"));
    expect(texts.join("\n")).not.to.contain("canary");
    const utf16 = join(folder, "utf16.env");
    writeFileSync(utf16, `\uFEFF${ANSWERS.replaceAll("\n", "\r\n")}`, "utf16le");
    for (const file of [answersFile, utf16]) {
      const again = await configure(environment, ["set", "--from-env-file", file]);
      expect(again.stderr).to.contain("Nothing had to be changed.");
    }
    expect(environment.files.map((path) => readFileSync(path, "utf8"))).to.deep.equal(texts);
  });

  it("generates missing values, lists the status of each key, sets and unsets", async () => {
    const environment = await setUp();
    const made = await configure(environment, ["set", "--generate", "resourcePrefix=abc"]);
    expect(made.exitCode, made.stderr).to.equal(0);
    expect(made.stderr)
      .to.contain("resourcePrefix set in network, data, secrets, services")
      .and.contain("dbPassword generated in data")
      .and.contain("Still missing");
    const values = await everything(environment);
    expect(values["proliferate-secrets:llmProxyMasterKey"]).to.match(/^sk-[\w-]{43}$/);

    const secret = await configure(environment, ["set", "--secret", "e2bApiKey"], "e2b-canary\n");
    expect(secret.exitCode, secret.stderr).to.equal(0);
    expect(await everything(environment)).to.have.property("proliferate-secrets:e2bApiKey", "e2b-canary");

    const listed = await configure(environment, ["list", "--json"]);
    const { schemaVersion, keys } = JSON.parse(listed.stdout) as {
      schemaVersion: number;
      keys: { key: string; state: string; value?: string }[];
    };
    expect(schemaVersion).to.equal(1);
    const stateOf = (name: string) => keys.find(({ key }) => key === name);
    expect(stateOf("resourcePrefix")).to.include({ state: "set", value: "abc" });
    expect(stateOf("dbPassword")).to.include({ state: "set" }).and.not.have.property("value");
    expect(stateOf("appUrl")).to.include({ state: "missing" });
    expect(stateOf("natGateways")).to.include({ state: "default", value: "single" });
    expect(stateOf("modalAppName")).to.include({ state: "not needed" });
    const table = await configure(environment, ["list"]);
    expect(table.stdout).to.match(/^STATE[^\n]+\nmissing +/);

    const removed = await configure(environment, ["unset", "resourcePrefix"]);
    expect(removed.stderr).to.contain("resourcePrefix removed from network, data, secrets, services");
    expect(await everything(environment)).not.to.have.property("proliferate-data:resourcePrefix");
  });

  it("refuses with exit code 3, and repeats no value that may be a secret", async () => {
    const environment = await setUp();
    for (const [args, words] of [
      [["dbPassword=canary"], "subcommands of configure are set, unset, pull, push and list"],
      [["set", "dbPassword=canary"], "--secret dbPassword=@FILE"],
      [["set", "--secret", "dbPassword=canary"], "--secret dbPassword=@FILE"],
      [["set", "--secret", "dbPassword=@/nowhere"], "/nowhere cannot be read: ENOENT"],
      [["set"], "There is nothing to set"],
      [["set", "appUrl=nowhere", "apUrl=x"], "did you mean appUrl?"],
      [[], "needs a terminal"],
    ] as const) {
      const { exitCode, stdout, stderr } = await configure(environment, args);
      expect(exitCode, args.join(" ")).to.equal(3);
      expect(stdout).to.equal("");
      expect(stderr).to.contain(words);
    }
    const wrongFile = join(folder, "wrong.env");
    for (const [text, words] of [
      ["", "has no line NAME=value"],
      ["NODE_ENV=production", "sets none of the settings"],
      ['{\n  "ANTHROPIC_API_KEY": "canary"\n}\n', "is no answers file"],
      [`${ANSWERS}RESEND_API_KEY=canary#2\n`, /wrong\.env, line \d+: RESEND_API_KEY/],
    ] as const) {
      writeFileSync(wrongFile, text);
      const { exitCode, stderr } = await configure(environment, ["set", "--from-env-file", wrongFile]);
      expect(exitCode, text).to.equal(3);
      expect(stderr).to.match(new RegExp(words));
    }
    expect(Object.keys(await everything(environment)).join()).not.to.contain("userSecretsEncryptionKey");
    const { exitCode, stderr } = await configure(environment, ["set", "--secret", "dbPassword"], "c@nary-with-at\n");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("dbPassword has a value that is not allowed").and.not.contain("c@nary");
  });

  it("generates and replaces no key of a deployed environment", async () => {
    const environment = await setUp();
    addResource(join(folder, STACK, "state"), "data", STACK);
    const before = environment.files.map((path) => readFileSync(path, "utf8"));
    const withoutPassword = join(folder, "without-password.env");
    writeFileSync(withoutPassword, ANSWERS.replace(/^dbPassword=.*$/m, ""));
    for (const [args, words, input] of [
      [["set", "--generate"], "userSecretsEncryptionKey", ""],
      [["set", "--from-env-file", withoutPassword], "dbPassword", ""],
      [["set", "--from-env-file", answersFile], "--accept unreadable-user-secrets", ""],
      [["set", "--secret", "userSecretsEncryptionKey"], "--accept unreadable-user-secrets", "canary"],
    ] as const) {
      const { exitCode, stderr } = await configure(environment, args, input);
      expect(exitCode, args.join(" ")).to.equal(3);
      expect(stderr).to.contain(words).and.contain(`scripts/configure.sh pull --stack ${STACK}`);
    }
    const terminal = new Terminal([process.execPath, cli, "configure", "--stack", STACK], environment.env);
    try {
      expect(await terminal.end(), terminal.shown).to.equal(3);
      expect(terminal.shown).to.contain("userSecretsEncryptionKey");
    } finally {
      terminal.stop();
    }
    expect(environment.files.map((path) => readFileSync(path, "utf8"))).to.deep.equal(before);
  });

  it("prints what a change does to a deployed environment", async () => {
    const environment = await setUp();
    const first = await configure(environment, ["set", "gatewayMemory=2048"]);
    expect(first.stderr).to.contain("gatewayMemory set in services").and.not.contain("next deployment does");
    addResource(join(folder, STACK, "state"), "data", STACK);
    const { exitCode, stderr } = await configure(environment, ["set", "gatewayMemory=3072", "resourcePrefix=abc"]);
    expect(exitCode, stderr).to.equal(0);
    expect(stderr)
      .to.match(/gatewayMemory: rolling deployment.*gateway/)
      .and.match(/resourcePrefix: replacement.*--allow-replace/);
    const removed = await configure(environment, ["unset", "gatewayMemory"]);
    expect(removed.stderr).to.match(/gatewayMemory: rolling deployment/);
  });

  /** What a person types for each key; keys that are not here are confirmed as they stand. */
  const typed: Readonly<Record<string, string>> = { ...sampleValues, githubAppPrivateKey: "" };

  it("prompts on a terminal for the settings of the answers file, and shows no secret", async () => {
    const wizard = await setUp();
    const terminal = new Terminal([process.execPath, cli, "configure", "--stack", STACK], wizard.env);
    try {
      const asked = new Set<string>();
      let isOptionalDone = false;
      for (;;) {
        const prompt = await terminal.waitFor(/[◆▲] {2}(.+?)(?: {2}|\?|\r?\n)/u);
        const what = prompt?.[1] ?? "the end";
        if (what === "the end" || what.startsWith("Write them")) {
          break;
        }
        if (what.startsWith("No other service issues")) {
          terminal.type(`n`);
        } else if (what === "Change optional settings" && !isOptionalDone) {
          isOptionalDone = true;
          terminal.type(`${Key.down}${Key.down}${Key.enter}`);
          await terminal.waitFor(/natGateways/);
          terminal.type(`${Key.down.repeat(4)}${Key.space}${Key.enter}`);
          await terminal.waitFor(/per-zone/);
          terminal.type(`${Key.down}${Key.enter}`);
          await terminal.waitFor(/Change optional settings/);
          await terminal.waitFor(/No, go on/);
          terminal.type(Key.enter);
        } else if (!asked.has(what)) {
          asked.add(what);
          const path = what === "githubAppPrivateKey" ? join(folder, "key.pem") : "";
          const text = what === "defaultSandboxProvider" ? "" : (typed[what] ?? "");
          terminal.type(`${path}${text}${Key.enter}`);
        }
      }
      terminal.type(Key.enter);
      expect(await terminal.end(), terminal.shown).to.equal(0);
      expect(terminal.shown).to.contain(`scripts/deploy-all.sh --stack ${STACK}`);
      expect(terminal.shown).not.to.match(/canary|correct-horse|TUlJRXB/);
    } finally {
      terminal.stop();
    }
    const file = await setUp(OTHER);
    await configure(file, ["set", "--from-env-file", answersFile]);
    expect(await everything(wizard)).to.deep.equal(await everything(file));
  });

  it("undoes the change of a command that was killed before it wrote all drafts", async () => {
    const environment = await setUp();
    const before = environment.files.map((path) => readFileSync(path, "utf8"));
    const transaction = join(root, `environments/.configure-${STACK}/transaction`);
    mkdirSync(transaction, { recursive: true });
    writeFileSync(join(transaction, "draft-0.yaml"), "config: {}\n");
    const next = await configure(environment, ["set", "resourcePrefix=abc"]);
    expect(next.exitCode, next.stderr).to.equal(0);
    expect(next.stderr).to.contain("An earlier command was killed while it wrote the settings; its change was undone.");
    const changed = environment.files.map((path) =>
      readFileSync(path, "utf8").replace(/ {2}proliferate-\w+:resourcePrefix: abc\n/, ""),
    );
    expect(changed).to.deep.equal(before);
  });

  it("pulls published settings into a checkout without them, and never generates a new key", async () => {
    const environment = await setUp();
    await configure(environment, ["set", "--from-env-file", answersFile]);
    await configure(environment, ["push"]);
    addResource(join(folder, STACK, "state"), "data", STACK);
    const facts = join(root, `environments/${STACK}.yaml`);
    const written = [...environment.files, facts].map((path) => [path, readFileSync(path, "utf8")] as const);
    for (const path of [...environment.files, facts, join(root, `environments/.configure-${STACK}`)]) {
      rmSync(path, { recursive: true });
    }
    for (const command of [["set", "--generate"], ["set", "--from-env-file", answersFile], ["push"]]) {
      expect((await configure(environment, command)).exitCode).to.equal(3);
    }
    const setup = [cli, "setup", "--stack", STACK, "--file", join(folder, STACK, "state"), "--yes"];
    const again = await execa(process.execPath, setup, { env: environment.env, extendEnv: false, reject: false });
    expect(again.exitCode).to.equal(3);
    // The printed command is complete: this checkout does not know that the state is in a folder.
    const printed = ["pull", "--stack", STACK, "--file", join(folder, STACK, "state")];
    expect(again.stderr).to.contain(`scripts/configure.sh ${printed.join(" ")}`);

    const pulled = await configure(environment, ["pull", "--file", join(folder, STACK, "state")]);
    expect(pulled.exitCode, pulled.stderr).to.equal(0);
    written.forEach(([path, text]) => {
      expect(readFileSync(path, "utf8")).to.equal(text);
    });
    const changed = await configure(environment, ["set", "resourcePrefix=abc"]);
    expect(changed.exitCode, changed.stderr).to.equal(0);
    expect((await configure(environment, ["pull"])).exitCode).to.equal(3);
    expect((await configure(environment, ["pull", "--force"])).exitCode).to.equal(0);
    expect(environment.files.map((path) => readFileSync(path, "utf8"))).to.deep.equal(
      written.slice(0, -1).map(([, text]) => text),
    );
  });

  it("changes nothing when the wizard is interrupted", async () => {
    const environment = await setUp();
    const before = environment.files.map((path) => readFileSync(path, "utf8"));
    const terminal = new Terminal([process.execPath, cli, "configure", "--stack", STACK], environment.env);
    try {
      await terminal.waitFor(/deploymentProfile/);
      terminal.type(`${Key.down}${Key.enter}`);
      await terminal.waitFor(/createS3Bucket/);
      terminal.type(Key.interrupt);
      expect(await terminal.end(), terminal.shown).to.equal(5);
      expect(terminal.shown).to.contain("Nothing was changed.");
    } finally {
      terminal.stop();
    }
    expect(environment.files.map((path) => readFileSync(path, "utf8"))).to.deep.equal(before);
  });
});
