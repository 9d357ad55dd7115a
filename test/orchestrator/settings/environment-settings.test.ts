import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { layerNames } from "@proliferate-infra/shared/layers";
import {
  openConfiguration,
  type EnvironmentConfiguration,
} from "@proliferate-infra/orchestrator/settings/environment-settings";
import { beginTransaction } from "@proliferate-infra/orchestrator/settings/file-transaction";
import { withFileLock } from "@proliferate-infra/backend/file-lock";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { UserError } from "@proliferate-infra/backend/errors";
import { preflight } from "@proliferate-infra/orchestrator/checks/preflight";
import { failureOf } from "@proliferate-infra/testing/failure";
import { decrypted, setUpInFolder, type FolderEnvironment } from "@proliferate-infra/testing/folder-environment";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nTUlJRXBBSUJBQUtDQVFF\n-----END RSA PRIVATE KEY-----";

describe("the configuration of an environment", function () {
  // Some dozen runs of pulumi.
  this.timeout(120_000);

  let checkout: TemporaryCheckout;
  let environment: FolderEnvironment;
  let lines: string[];
  beforeEach(async () => {
    checkout = new TemporaryCheckout();
    environment = await setUpInFolder(checkout.root, checkout.folder, "trial");
    lines = [];
  });
  afterEach(() => {
    checkout.remove();
  });

  function open(changes: NodeJS.ProcessEnv = {}): EnvironmentConfiguration {
    const env = { ...environment.env, ...changes };
    return openConfiguration(checkout.root, "trial", { env, say: (line) => lines.push(line) });
  }

  const change = (changes: Readonly<Record<string, string | undefined>>, env: NodeJS.ProcessEnv = {}) =>
    open(env).change(() => new Map(Object.entries(changes)));
  const texts = () => environment.files.map((path) => readFileSync(path, "utf8"));
  const folder = () => join(checkout.root, "environments/.configure-trial");

  it("takes plain values and secrets, in every layer that has the key and does not inherit it", async () => {
    await change({
      resourcePrefix: "abc",
      dbPassword: "canary-password",
      githubAppPrivateKey: PEM,
      gatewayPort: "9000",
    });
    for (const layer of layerNames) {
      expect(await decrypted(environment, layer)).to.have.property(`proliferate-${layer}:resourcePrefix`, "abc");
    }
    expect(await decrypted(environment, "data")).to.have.property("proliferate-data:dbPassword", "canary-password");
    expect(await decrypted(environment, "secrets")).to.have.property("proliferate-secrets:githubAppPrivateKey", PEM);
    expect(await decrypted(environment, "network")).to.have.property("proliferate-network:gatewayPort", "9000");
    expect(await decrypted(environment, "services")).not.to.have.property("proliferate-services:gatewayPort");
    expect(texts().join("\n")).not.to.contain("canary");
    expect(lines).to.deep.equal([]);
  });

  it("restores encrypted values, and changes nothing else", async () => {
    await change({ dbPassword: "first-password", dbMultiAz: "true" });
    const data = environment.files[layerNames.indexOf("data")] ?? "";
    // Longer than the 80 columns at which a YAML writer breaks lines.
    const long = `  # ${"long ".repeat(40).trim()}\n  proliferate-data:alarmTopicArn: ${"word ".repeat(40).trim()}\n`;
    writeFileSync(data, readFileSync(data, "utf8").replace("config:\n", `config:\n${long}`));
    const before = texts();
    const name = "proliferate-data:dbPassword";
    // redisAuthToken has no value, dbMultiAz a plain one.
    const encrypted = await open().encrypted(["dbPassword", "redisAuthToken", "dbMultiAz"]);
    expect(Object.keys(encrypted)).to.deep.equal([name]);
    writeFileSync(data, readFileSync(data, "utf8").replace(encrypted[name] ?? "", "v1:AAAA:BBBB"));
    expect(texts()).not.to.deep.equal(before);
    await open().restore(encrypted);
    expect(texts()).to.deep.equal(before);
  });

  it("restores values only after another command's change is complete", async () => {
    await change({ dbPassword: "first-password" });
    mkdirSync(folder(), { recursive: true });
    const order: string[] = [];
    let restored: Promise<void> | undefined;
    await withFileLock(join(folder(), "lock"), async () => {
      restored = open()
        .restore({})
        .then(() => void order.push("restored"));
      await sleep(300);
      order.push("changed");
    });
    await restored;
    expect(order).to.deep.equal(["changed", "restored"]);
  });

  it("changes no byte when the same values are set, and keeps comments", async () => {
    await change({ resourcePrefix: "abc", dbPassword: "canary-password" });
    const [network] = environment.files;
    if (network === undefined) {
      throw new Error("There is no network.");
    }
    const commented = readFileSync(network, "utf8").replace("config:", "# by the platform team\n\nconfig:\n  # shared");
    writeFileSync(network, commented);
    const before = texts();
    const again = await change({ resourcePrefix: "abc", dbPassword: "canary-password" });
    expect(again.writes).to.deep.equal([]);
    expect(texts()).to.deep.equal(before);
    await change({ natGateways: "per-zone", resourcePrefix: undefined });
    expect(readFileSync(network, "utf8")).to.contain("# by the platform team\n\nconfig:\n  # shared");
    expect(await decrypted(environment, "network")).to.deep.equal({
      "aws:region": "us-east-1",
      "proliferate-network:natGateways": "per-zone",
      "proliferate-network:protectResources": "true",
    });
  });

  it("keeps the ciphertexts of other secrets", async () => {
    await change({ e2bApiKey: "one-canary", anthropicApiKey: "two-canary" });
    const secrets = () => readFileSync(join(checkout.root, "stacks/secrets/Pulumi.trial.yaml"), "utf8");
    const kept = /e2bApiKey:\s+secure: (\S+)/.exec(secrets())?.[1] ?? "nothing";
    await change({ anthropicApiKey: "three-canary", e2bApiKey: "one-canary" });
    expect(secrets()).to.contain(kept);
    expect(await decrypted(environment, "secrets")).to.include({
      "proliferate-secrets:anthropicApiKey": "three-canary",
      "proliferate-secrets:e2bApiKey": "one-canary",
    });
  });

  it("does not change when the change is refused", async () => {
    const before = texts();
    const failure = await failureOf(change({ resourcePrefix: "abc", dbPassword: "c@nary", appUrl: "nowhere" }));
    expect(failure).instanceOf(UserError);
    expect(failure.message)
      .to.contain("dbPassword has a value that is not allowed")
      .and.contain("scripts/configure.sh set --stack trial appUrl=<value>")
      .and.not.contain("c@nary");
    expect(texts()).to.deep.equal(before);
    const elsewhere = await failureOf(change({ "aws:region": "eu-west-1" }));
    expect(elsewhere.message).to.contain("trial was set up in us-east-1");
  });

  it("does not change when the passphrase is wrong", async () => {
    const [network = "", , secrets = ""] = environment.files;
    const saltIn = (path: string) => /encryptionsalt: (.*)/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
    const [, salt = ""] = saltIn(network).split(":");
    writeFileSync(
      secrets,
      readFileSync(secrets, "utf8").replace(/encryptionsalt: v1:[^:]*/, `encryptionsalt: v1:${salt}`),
    );
    const before = texts();
    const failure = await failureOf(
      change({ resourcePrefix: "abc", dbPassword: "canary-password", e2bApiKey: "canary-key" }),
    );
    expect(failure).instanceOf(UserError);
    expect(failure.message)
      .to.contain("secrets of secrets")
      .and.contain("./rollout doctor --stack trial")
      .and.not.contain("canary");
    expect(texts()).to.deep.equal(before);
    expect(existsSync(join(folder(), "transaction"))).to.equal(false);
  });

  it("needs a key for secrets, which set-up copies from the stack's state", async () => {
    const [network = "", data = ""] = environment.files;
    const salts = texts();
    writeFileSync(data, readFileSync(data, "utf8").replace(/encryptionsalt: .*/, "secretsprovider: passphrase"));
    const failure = await failureOf(change({ dbPassword: "canary-password" }));
    expect(failure.message)
      .to.contain("stacks/data/Pulumi.trial.yaml")
      .and.contain("scripts/setup-pulumi.sh --stack trial");
    await setUpInFolder(checkout.root, checkout.folder, "trial");
    expect(readFileSync(data, "utf8")).to.contain(/encryptionsalt: .*/.exec(salts[1] ?? "")?.[0]);
    expect(readFileSync(network, "utf8")).to.equal(salts[0]);
    await change({ dbPassword: "canary-password" });
    expect(await decrypted(environment, "data")).to.have.property("proliferate-data:dbPassword", "canary-password");
  });

  it("is completed by the next command after a kill", async () => {
    const before = texts();
    const changes = environment.files.map((path, index) => {
      return { path, before: before[index] ?? "", after: `${before[index] ?? ""}# ${index}\n` };
    });
    const transaction = join(folder(), "transaction");
    beginTransaction(transaction, changes);
    expect(texts()).to.deep.equal(before);
    const found = findEnvironment(checkout.root, "trial", environment.env);
    const subject = { root: checkout.root, environment: found, layers: layerNames, env: environment.env };
    const refusal = await failureOf(preflight("preview", subject, () => undefined));
    expect(refusal).to.be.instanceOf(UserError);
    expect(refusal.message).to.contain("scripts/configure.sh list --stack trial");
    await open().read();
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain("its change was finished");
    expect(texts()).to.deep.equal(changes.map(({ after }) => after));
  });

  it("applies changes of several commands one after the other", async () => {
    await Promise.all([
      change({ resourcePrefix: "abc" }),
      change({ gatewayMaxCount: "9" }),
      change({ appUrl: "https://a.b" }),
    ]);
    expect(await decrypted(environment, "services")).to.include({
      "proliferate-services:resourcePrefix": "abc",
      "proliferate-services:gatewayMaxCount": "9",
      "proliferate-services:appUrl": "https://a.b",
    });
  });

  it("cannot be opened before the environment is set up, or without a layer's file", async () => {
    expect(() => openConfiguration(checkout.root, "other", { env: environment.env, say: () => undefined })).to.throw(
      UserError,
      "scripts/setup-pulumi.sh --stack other",
    );
    const [network = ""] = environment.files;
    writeFileSync(network, "config: [");
    expect((await failureOf(open().read())).message).to.contain("is not valid YAML");
  });
});
