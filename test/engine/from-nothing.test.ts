/**
 * From an account with nothing in it to deployed environments, with the three scripts and one answers file each: staging
 * beside prod in one account, and one more in another account. Nothing of them is shared.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { execa } from "execa";
import { layerNames } from "@proliferate-infra/shared/layers";
import { changeFolder } from "@proliferate-infra/backend/environment/change-folder";
import { backendUrl } from "@proliferate-infra/backend/environment/state-url";
import { stackFilePath } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { reportSchema, type RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { startTestEmulator, type TestEmulator } from "@proliferate-infra/testing/emulator";
import type { CommandResult } from "@proliferate-infra/orchestrator/pulumi/command";
import { NewAccount } from "@proliferate-infra/testing/new-account";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const STAGING = "dev-new-staging";
const PROD = "dev-new-prod";
const ELSEWHERE = "dev-new-elsewhere";

/** What a person writes down: their own keys by the services' variables, the rest by the settings' names. */
const answers = (resourcePrefix: string) => `# Answers for scripts/configure.sh
resourcePrefix=${resourcePrefix}
DEPLOYMENT_PROFILE=self_host
DEFAULT_SANDBOX_PROVIDER=modal
MODAL_TOKEN_ID=modal-id-canary
MODAL_TOKEN_SECRET=modal-secret-canary
MODAL_APP_NAME=proliferate
ANTHROPIC_API_KEY=anthropic-canary
GITHUB_APP_ID=12345
NEXT_PUBLIC_GITHUB_APP_SLUG=proliferate-app
GITHUB_APP_WEBHOOK_SECRET=webhook-canary
GITHUB_APP_PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----
TUlJRXBBSUJBQUtDQVFF
-----END RSA PRIVATE KEY-----"
NEXT_PUBLIC_APP_URL=https://${resourcePrefix}.example.com
enableLlmProxy=false
enableRds=false
databaseUrlOverride=postgres://app:override-canary@db.example.com:6543/app?sslmode=verify-full
finalSnapshots=false
gatewayMaxCount=1
workerMaxCount=1
`;

describe("from nothing to deployed environments", function () {
  this.timeout(15 * MINUTES);
  stepsBuildOnEachOther();
  let emulator: TestEmulator;
  let first: NewAccount;
  let second: NewAccount;
  before(async () => {
    emulator = await startTestEmulator();
    first = new NewAccount(emulator, "310000000001");
    second = new NewAccount(emulator, "310000000002", "eu-west-1");
  });
  after(async () => {
    first.dispose();
    second.dispose();
    await emulator.stop();
  });

  const succeeded = async (script: Promise<CommandResult>) => {
    const ended = await script;
    expect(ended.exitCode, ended.stderr).to.equal(0);
    return ended;
  };

  /** The three scripts. Returns the report of the third. */
  async function fromNothing(person: NewAccount, stack: string, prefix: string, ...args: string[]) {
    await succeeded(
      person.script("setup-pulumi.sh", stack, "--region", person.region, "--yes", "--no-protect-resources"),
    );
    const file = person.write(`${stack}.env`, answers(prefix));
    await succeeded(person.script("configure.sh", stack, "set", "--from-env-file", file));
    const { stdout } = await succeeded(person.script("deploy-all.sh", stack, "--yes", "--json", ...args));
    return reportSchema.parse(JSON.parse(stdout));
  }

  async function onAws<Client extends { destroy(): void }, Answer>(
    person: NewAccount,
    Kind: new (options: object) => Client,
    ask: (client: Client) => Promise<Answer>,
  ): Promise<Answer> {
    const credentials = { accessKeyId: person.account, secretAccessKey: "test" };
    const client = new Kind({
      ...{ endpoint: emulator.endpoint, region: person.region, credentials, forcePathStyle: true },
    });
    return ask(client).finally(() => {
      client.destroy();
    });
  }
  const secretNames = (person: NewAccount) =>
    onAws(person, SecretsManagerClient, async (client) => {
      const { SecretList: secrets = [] } = await client.send(new ListSecretsCommand({}));
      return secrets.map(({ Name }) => Name).sort();
    });
  const statuses = ({ layers }: RolloutReport) => layers.map(({ status }) => status);

  it("are staging and prod in one account, at the same time", async () => {
    const reports = await Promise.all([
      fromNothing(first, STAGING, "app-staging", "--pipelined"),
      fromNothing(first, PROD, "app-prod", "--pipelined"),
    ]);
    for (const report of reports) {
      expect(statuses(report)).to.deep.equal(["succeeded", "succeeded", "succeeded", "succeeded"]);
    }
    const [staging, prod] = reports;
    expect(Date.parse(staging.startedAt)).to.be.lessThan(Date.parse(prod.finishedAt));
    expect(Date.parse(prod.startedAt)).to.be.lessThan(Date.parse(staging.finishedAt));
  });

  it("and one more in another account", async () => {
    const report = await fromNothing(second, ELSEWHERE, "app-prod", "--only", "network");
    expect(statuses(report)).to.deep.equal(["succeeded"]);
  });

  it("share no state: each has its own prefix or bucket, and what is below names no other", async () => {
    const keysOf = (person: NewAccount) =>
      onAws(person, S3Client, async (client) => {
        const { bucket: Bucket } = environmentNames(person.account, person.region, "any").state;
        const { Contents: objects = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
        return objects.map(({ Key: key = "" }) => key);
      });
    const keys = await keysOf(first);
    for (const [own, other] of [
      [STAGING, PROD],
      [PROD, STAGING],
    ] as const) {
      const below = keys.filter((key) => key.startsWith(`${own}/`));
      expect(below.filter((key) => key.endsWith(`/${own}.json`))).to.have.length(4);
      expect(below.filter((key) => key.includes(other))).to.deep.equal([]);
    }
    expect(keys.filter((key) => !key.startsWith(`${STAGING}/`) && !key.startsWith(`${PROD}/`))).to.deep.equal([]);
    expect((await keysOf(second)).filter((key) => key.endsWith(".json")).join()).to.include(ELSEWHERE);
  });

  it("share no lock", async () => {
    const items = await onAws(first, DynamoDBClient, async (client) => {
      const { lockTable: TableName } = environmentNames(first.account, first.region, "any").state;
      return (await client.send(new ScanCommand({ TableName }))).Items ?? [];
    });
    const ids = items.map((item) => item.LockID?.S ?? "");
    expect(ids).to.have.length(2);
    expect(ids.filter((id) => id.includes(STAGING))).to.have.length(1);
    expect(ids.filter((id) => id.includes(PROD))).to.have.length(1);
  });

  it("share no secret's name", async () => {
    expect(await secretNames(first)).to.deep.equal([
      "app-prod-gateway",
      "app-prod-worker",
      "app-staging-gateway",
      "app-staging-worker",
    ]);
    expect(await secretNames(second)).to.deep.equal([]);
  });

  it("pass the doctor, and a second run of the three scripts changes nothing", async () => {
    const doctor = await succeeded(first.rollout("doctor", STAGING));
    expect(doctor.stdout).to.include("0 errors");
    const again = await fromNothing(first, STAGING, "app-staging");
    expect(statuses(again)).to.deep.equal(["unchanged", "unchanged", "unchanged", "unchanged"]);
  });

  it("are deployed from a second checkout with the published settings, and with no new key", async () => {
    const filesOf = () =>
      layerNames.map((layer) => readFileSync(stackFilePath(repositoryRoot, layer, STAGING), "utf8"));
    const before = filesOf();
    first.forgetEnvironments();

    const setUp = await first.script("setup-pulumi.sh", STAGING, "--region", first.region, "--yes");
    expect(setUp.exitCode).to.equal(3);
    expect(setUp.stderr).to.include(`scripts/configure.sh pull --stack ${STAGING}`);
    const configured = await first.script("configure.sh", STAGING, "set", "--generate");
    expect(configured.exitCode).to.equal(3);

    await succeeded(first.script("configure.sh", STAGING, "pull", "--region", first.region));
    expect(filesOf()).to.deep.equal(before);
    const again = await succeeded(first.script("deploy-all.sh", STAGING, "--yes", "--json"));
    expect(statuses(reportSchema.parse(JSON.parse(again.stdout)))).to.deep.equal(layerNames.map(() => "unchanged"));
  });

  it("are not deployed with older settings", async () => {
    const path = stackFilePath(repositoryRoot, "services", STAGING);
    const base = join(changeFolder(repositoryRoot, STAGING), "base.json");
    const older = [path, base].map((file) => [file, readFileSync(file, "utf8")] as const);
    await succeeded(first.script("configure.sh", STAGING, "set", "workerMaxCount=2"));
    await succeeded(first.script("configure.sh", STAGING, "push"));
    older.forEach(([file, text]) => {
      writeFileSync(file, text);
    });
    const stale = await first.script("deploy-all.sh", STAGING, "--yes");
    expect(stale.exitCode).to.equal(3);
    expect(stale.stderr)
      .to.include("proliferate-services:workerMaxCount")
      .and.include(`scripts/configure.sh pull --stack ${STAGING}`);
    await succeeded(first.script("configure.sh", STAGING, "pull"));
  });

  it("are not deployed with another key of users' secrets", async () => {
    const set = ["config", "set", "--secret", "proliferate-secrets:userSecretsEncryptionKey", "--stack", STAGING];
    const state = environmentNames(first.account, first.region, STAGING).state;
    await execa("pulumi", set, {
      cwd: join(repositoryRoot, "stacks/secrets"),
      env: { ...first.env, PULUMI_BACKEND_URL: backendUrl(state) },
      ...{ extendEnv: false, input: "another-key-canary" },
    });
    const replaced = await first.script("deploy-all.sh", STAGING, "--yes");
    expect(replaced.exitCode).to.equal(3);
    expect(replaced.stderr).to.include(
      `./rollout rotate userSecretsEncryptionKey --accept unreadable-user-secrets --stack ${STAGING}`,
    );
    const unset = await first.script("configure.sh", STAGING, "unset", "userSecretsEncryptionKey");
    expect(unset.exitCode).to.equal(3);
    const pulled = await first.script("configure.sh", STAGING, "pull");
    expect(pulled.exitCode).to.equal(3);
    expect(pulled.stderr).to.include("proliferate-secrets:userSecretsEncryptionKey");
    await succeeded(first.script("configure.sh", STAGING, "pull", "--force"));
    await succeeded(first.rollout("doctor", STAGING));
  });

  it("and show no secret on the way", () => {
    const text = [...first.printed, ...second.printed].join("\n");
    expect(text).not.to.match(/canary|TUlJRXBBSUJBQUtDQVFF/);
  });
});
