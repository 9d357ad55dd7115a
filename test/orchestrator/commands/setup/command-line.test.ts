import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { layers } from "@proliferate-infra/shared/layers";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";

const cli = join(root, "orchestrator/src/cli.ts");
const ACCOUNT = "300000000000";
// In the real checkout, hence a name that nobody has.
const STACK = `setup-test-${process.pid}`;
const names = environmentNames(ACCOUNT, "us-east-1", STACK);

describe("the command lines of set-up and login", function () {
  this.timeout(60_000);

  let emulator: SharedEmulator;
  let home: string;
  before(async () => {
    emulator = await sharedTestEmulator();
    home = mkdtempSync(join(tmpdir(), "setup-command-"));
  });
  after(() => {
    rmSync(home, { recursive: true });
  });
  const made = [
    join(root, `environments/${STACK}.yaml`),
    ...layers.map(({ directory }) => join(root, directory, `Pulumi.${STACK}.yaml`)),
  ];
  afterEach(() => {
    for (const path of made) {
      rmSync(path, { force: true });
    }
  });

  /** Runs the command line without a terminal, in the emulated AWS unless `changes` says something else. */
  async function rollout(args: readonly string[], changes: NodeJS.ProcessEnv = {}) {
    const inherited = { ...emulator.env, AWS_ACCESS_KEY_ID: ACCOUNT, PULUMI_HOME: home };
    const env = { ...inherited, PULUMI_BACKEND_URL: undefined, ROLLOUT_STATE_URL: undefined, ...changes };
    return execa(process.execPath, [cli, ...args], { env, extendEnv: false, reject: false, stdin: "ignore" });
  }

  const noCredentials = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

  it("refuse names that cannot be an environment's", async () => {
    for (const [stack, why] of [
      ["local", "scripts/try-local.sh sets it up"],
      ["example", "environments/example.yaml"],
      ["Prod", "lower-case letters"],
      ["a--b", "single hyphens"],
      ["a".repeat(41), "at most 40"],
    ] as const) {
      const { exitCode, stderr } = await rollout(["setup", "--stack", stack, "--yes"], noCredentials);
      expect(exitCode, stack).to.equal(3);
      expect(stderr).to.contain(why);
    }
  });

  it("print the fix without credentials, or without a region", async () => {
    const { exitCode, stderr } = await rollout(["setup", "--stack", STACK, "--yes"], noCredentials);
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("There are no AWS credentials").and.contain("aws sso login");
    const regionless = await rollout(["setup", "--stack", STACK], {
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: undefined,
    });
    expect(regionless.exitCode).to.equal(3);
    expect(regionless.stderr).to.equal("No AWS region is set. Add one, such as --region eu-west-1, or set AWS_REGION.");
  });

  it("show the plan and change nothing without consent", async () => {
    const { exitCode, stdout, stderr } = await rollout(["setup", "--stack", STACK]);
    expect(exitCode).to.equal(3);
    expect(stdout).to.equal("");
    expect(stderr).to.match(new RegExp(`create +state bucket +${names.state.bucket}`));
    expect(stderr).to.match(/create +stack of network/);
    expect(stderr).to.contain("setup needs your consent, and there is no terminal to ask on; add --yes.");
    expect(made.some(existsSync)).to.equal(false);
    const again = await rollout(["setup", "--stack", STACK]);
    expect(again.stderr).to.equal(stderr);
  });

  it("set up, print one document, log in, and set up again without a change", async () => {
    const { exitCode, stdout, stderr } = await rollout([
      "setup",
      "--stack",
      STACK,
      "--yes",
      "--json",
      "--no-protect-resources",
    ]);
    expect(exitCode, stderr).to.equal(0);
    const document = JSON.parse(stdout) as { facts: unknown; items: unknown[] };
    expect(document).to.include({ schemaVersion: 1, stack: STACK, status: "done" });
    expect(document.facts).to.deep.include({ account: ACCOUNT, stateUrl: formatStateUrl(names.state) });
    expect(document.items).to.have.length(8);
    expect(stderr).to.contain(`Next:\n  scripts/configure.sh --stack ${STACK}`);
    expect(made.every(existsSync)).to.equal(true);
    for (const { project, directory } of layers) {
      const file = readFileSync(join(root, directory, `Pulumi.${STACK}.yaml`), "utf8");
      expect(file).to.match(new RegExp(`${project}:protectResources: "?false`));
    }

    rmSync(join(home, "credentials.json"));
    const login = await rollout(["login", "--stack", STACK]);
    expect(login.exitCode, login.stderr).to.equal(0);
    expect(login.stderr).to.contain(`:${ACCOUNT}:`).and.contain(names.state.lockTable);
    expect(loggedInTo()).to.equal(`s3://${names.state.bucket}/${STACK}?region=us-east-1`);

    const again = await rollout(["setup", "--stack", STACK, "--json"]);
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(JSON.parse(again.stdout)).to.have.property("status", "unchanged");

    const elsewhere = await rollout(["setup", "--stack", STACK, "--region", "eu-west-1", "--yes"]);
    expect(elsewhere.exitCode).to.equal(3);
    expect(elsewhere.stderr).to.contain("region: us-east-1, but now it would be eu-west-1");
    const stranger = await rollout(["login", "--stack", STACK], { AWS_ACCESS_KEY_ID: "300000000001" });
    expect(stranger.exitCode).to.equal(3);
    expect(stranger.stderr).to.contain(`${STACK} is in the account ${ACCOUNT}`);
  });

  it("log in to a folder by its URL, and refuse URLs of another form or another environment's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "setup-state-"));
    try {
      const { exitCode, stderr } = await rollout(
        ["login", "--stack", STACK, "--url", `file://${folder}`],
        noCredentials,
      );
      expect(exitCode, stderr).to.equal(0);
      expect(loggedInTo()).to.equal(`file://${folder}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const stateUrl = formatStateUrl(names.state);
    for (const [url, why] of [
      [`${stateUrl}&profile=mine`, "has the parameter profile"],
      [stateUrl.replace("&dynamodb_table=", "&table="), "has the parameter table"],
      [`s3://${names.state.bucket}/${STACK}?region=us-east-1`, "lacks dynamodb_table"],
    ] as const) {
      const { exitCode, stderr } = await rollout(["login", "--stack", STACK, "--url", url]);
      expect(exitCode, url).to.equal(3);
      expect(stderr).to.contain(why);
    }
    writeFileSync(
      join(root, `environments/${STACK}.yaml`),
      `stateUrl: file:///elsewhere\nsecretsProvider: passphrase\n`,
    );
    const other = await rollout(["login", "--stack", STACK, "--url", stateUrl]);
    expect(other.exitCode).to.equal(3);
    expect(other.stderr).to.contain("file:///elsewhere");
  });

  it("print IAM policies with the configured prefix, and change nothing", async () => {
    writeFileSync(
      join(root, `stacks/network/Pulumi.${STACK}.yaml`),
      "config:\n  proliferate-network:resourcePrefix: another\n",
    );
    const { exitCode, stdout, stderr } = await rollout(["setup", "--stack", STACK, "--print-iam"]);
    expect(exitCode, stderr).to.equal(0);
    const policies = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    expect(Object.keys(policies)).to.deep.equal(["preview", "deploy"]);
    expect(Object.keys(policies.deploy ?? {})).to.include.members(["state", "read", "network", "services"]);
    expect(stdout).to.contain(`arn:aws:iam::${ACCOUNT}:role/another-*`).and.contain(`${STACK}/*`);
    expect(existsSync(join(root, `environments/${STACK}.yaml`))).to.equal(false);
  });

  function loggedInTo(): string {
    const { current } = JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")) as { current: string };
    return current;
  }
});
