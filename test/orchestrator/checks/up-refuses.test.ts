/** `rollout up` on wrong environments: it ends before any engine starts. The CLI on PATH writes down how it is called. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { execa } from "execa";
import { findExecutable } from "@proliferate-infra/tools/lib/executables.mjs";
import { LOCAL_BUILDS_VARIABLE } from "@proliferate-infra/backend/local-builds";
import { locallyBuilt, versions } from "@proliferate-infra/tools/versions.mjs";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { layerByName, layerNames } from "@proliferate-infra/shared/layers";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { createDataKey } from "@proliferate-infra/testing/stack-encryption";
import { stackTexts, type StackTextOptions } from "@proliferate-infra/testing/stack-texts";

const STACK = `dev-refused-${process.pid}`;
const { secretsProvider } = localEnvironment;

describe("rollout up on a wrong environment", function () {
  this.timeout(60_000);
  let emulator: SharedEmulator;
  let dataKey: Buffer;
  let folder: string;
  let log: string;
  let head: Readonly<Record<string, string>>;
  before(async () => {
    emulator = await sharedTestEmulator();
    folder = mkdtempSync(join(tmpdir(), "rollout-up-refuses-"));
    log = join(folder, "calls");
    const pulumi = join(folder, "pulumi");
    const real = findExecutable("pulumi", { path: process.env.PATH });
    writeFileSync(pulumi, `#!/bin/sh\necho "$*" >> '${log}'\nexec '${real}' "$@"\n`);
    chmodSync(pulumi, 0o755);
    const kms = new KMSClient(emulator.clientOptions);
    const key = await createDataKey(kms);
    kms.destroy();
    dataKey = key.plain;
    head = { secretsprovider: secretsProvider, encryptedkey: key.encrypted };
  });
  afterEach(() => {
    rmSync(log, { force: true });
    for (const path of layerNames.map(fileOf)) {
      rmSync(path, { force: true });
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const fileOf = (layer: (typeof layerNames)[number]) =>
    join(root, layerByName(layer).directory, `Pulumi.${STACK}.yaml`);

  function write(options: Partial<StackTextOptions>): void {
    for (const [layer, text] of stackTexts({ stack: STACK, dataKey, head, ...options })) {
      writeFileSync(fileOf(layer), text);
    }
  }

  /** Runs `rollout` and answers how it ended, with all it printed and how it called the CLI. */
  async function rollout(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
    const path = [folder, emulator.env.PATH].join(delimiter);
    const env = { ...emulator.env, PATH: path, ...variables };
    const command = [join(root, "orchestrator/src/cli.ts"), ...args, "--stack", STACK];
    const options = { cwd: root, env, extendEnv: false, reject: false, stdin: "ignore" } as const;
    const { exitCode, stdout, stderr } = await execa(process.execPath, command, options);
    const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    return { exitCode, stdout, stderr, calls };
  }

  /** Runs `rollout up`, which must be refused for exactly these reasons. */
  async function refused(reasons: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
    const { exitCode, stdout, stderr, calls } = await rollout(["up", "--yes", "--json"], variables);
    expect(exitCode, stderr).to.equal(3);
    expect(stdout).to.equal("");
    expect(calls).to.deep.equal(["version"]);
    expect(stderr).not.to.contain("canary");
    for (const reason of reasons) {
      expect(stderr).to.contain(reason);
    }
    expect(stderr.trim().split("\n").at(-1)).to.match(new RegExp(`^${reasons.length} errors?, \\d warnings?$`));
    return stderr;
  }

  it("succeeds on a correct environment", async () => {
    write({});
    const { exitCode, stdout, calls } = await rollout(["doctor"]);
    expect(exitCode, stdout).to.equal(0);
    expect(calls).to.deep.equal(["version"]);
  });

  it("reports all errors of all layers, with the commands", async () => {
    write({
      changes: {
        vpcCidr: "10.0.0.0/8",
        e2bTemplate: undefined,
        anthropicApiKey: { text: "key-canary", secret: false },
      },
      changesIn: { services: { resourcePrefix: "other" } },
    });
    const text = await refused([
      "proliferate-network:vpcCidr is",
      "proliferate-secrets:anthropicApiKey is a secret but stored as plain text",
      "proliferate-services:e2bTemplate is missing because defaultSandboxProvider is e2b",
      "proliferate-services:resourcePrefix is other, but proliferate in network",
    ]);
    for (const layer of layerNames.filter((name) => name !== "data")) {
      expect(text).to.contain(`--stack ${STACK} --cwd stacks/${layer}`);
    }
  });

  it("reports invalid settings like a preview and a rotation", async () => {
    write({ changesIn: { data: { redisNodeType: "large" }, secrets: { integrationsEnabled: "canary maybe" } } });
    const wrong = async (...args: readonly string[]) => {
      const { exitCode, stderr } = await rollout(args);
      expect(exitCode, stderr).to.equal(3);
      return stderr.split("\n").filter((line) => /^ {2}error: |^ {4}/.test(line));
    };
    const lines = await wrong("preview", "--only", "data,secrets");
    expect(lines.join()).to.contain("redisNodeType").and.to.contain("integrationsEnabled");
    expect(await wrong("up", "--yes", "--only", "data,secrets")).to.include.members(lines);
    expect(await wrong("rotate", "dbPassword", "--generate", "--yes")).to.include.members(lines);
  });

  it("decrypts secrets to check them, and shows none", async () => {
    write({ changes: { githubAppPrivateKey: "no-pem-canary", dbPassword: "bad canary/" } });
    await refused([
      "proliferate-data:dbPassword has a value that is not allowed",
      "proliferate-secrets:githubAppPrivateKey has a value that is not allowed",
    ]);
  });

  it("reports secrets that cannot be decrypted", async () => {
    write({ head: { ...head, encryptedkey: Buffer.from("another key").toString("base64") } });
    await refused(["The secrets of network, data, secrets and services cannot be read"]);
  });

  it("reports stacks that have no settings", async () => {
    const text = await refused([`${STACK} has no settings here`]);
    for (const layer of layerNames) {
      expect(text).to.contain(`${layerByName(layer).directory}/Pulumi.${STACK}.yaml`);
    }
  });

  it("reports a session that ends too soon together with invalid settings", async () => {
    write({ changes: { gatewayMemory: "512" } });
    const soon = new Date(Date.now() + 4 * 60_000).toISOString();
    const reasons = ["The session ends in 3 min.", "proliferate-services:gatewayMemory is 512"];
    await refused(reasons, { AWS_CREDENTIAL_EXPIRATION: soon });
  });

  it("refuses programs that were built on this machine where the environment is protected", async () => {
    const built = join(folder, "built");
    mkdirSync(built);
    for (const [name, version] of [
      ["pulumi", versions.pulumi],
      ["pulumi-resource-aws", versions.awsProvider],
    ] as const) {
      writeFileSync(join(built, name), `#!/bin/sh\necho ${locallyBuilt(version)}\n`);
      chmodSync(join(built, name), 0o755);
    }
    const variables = { PATH: [built, emulator.env.PATH].join(delimiter), [LOCAL_BUILDS_VARIABLE]: "" };
    write({ changes: { protectResources: "true" } });
    const { exitCode, stderr } = await rollout(["up", "--yes", "--json"], variables);
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.contain(`pulumi ${locallyBuilt(versions.pulumi)} was built on this machine`);
    expect(stderr).to.contain(`pulumi-resource-aws ${locallyBuilt(versions.awsProvider)} was built on this machine`);
    write({ changes: { protectResources: "false" } });
    const unprotected = await rollout(["doctor"], variables);
    expect(unprotected.exitCode, unprotected.stdout).to.equal(0);
  });

  it("reports an unreachable AWS", async () => {
    write({});
    const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    await refused(["AWS cannot be asked whose the credentials are"], nowhere);
    for (const args of [
      ["destroy", "--yes", "--confirm", STACK],
      ["migrate", "--yes"],
    ]) {
      const { exitCode, stderr } = await rollout(args, nowhere);
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.contain("AWS cannot be asked whose the credentials are").and.to.contain("AWS_ENDPOINT_URL");
    }
  });
});
