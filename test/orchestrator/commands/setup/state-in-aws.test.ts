import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeTableCommand, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import { GetBucketTaggingCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { runPulumi } from "@proliferate-infra/orchestrator/pulumi/command";
import { UserError } from "@proliferate-infra/backend/errors";
import { awsBackend } from "@proliferate-infra/orchestrator/bootstrap/aws-backend";
import { setUpEnvironment, type SetupResult } from "@proliferate-infra/orchestrator/commands/setup/setup-environment";
import { extraTagsOf, type OrganizationSettings } from "@proliferate-infra/orchestrator/commands/setup/organization";
import { EmptyAccounts, type AwsAccount } from "@proliferate-infra/testing/aws-account";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { failureOf } from "@proliferate-infra/testing/failure";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

describe("a set-up with state in AWS", function () {
  // Some ten runs of pulumi in each test.
  this.timeout(120_000);

  let emulator: SharedEmulator;
  let checkout: TemporaryCheckout;
  let accounts: EmptyAccounts;
  let messages: string[];
  before(async () => {
    emulator = await sharedTestEmulator();
    accounts = new EmptyAccounts(emulator.endpoint, 200_000_000_000);
  });
  beforeEach(() => {
    checkout = new TemporaryCheckout();
    messages = [];
  });
  afterEach(() => {
    checkout.remove();
  });
  after(() => {
    accounts.dispose();
  });

  const envOf = ({ account }: AwsAccount, { pulumiHome } = checkout): NodeJS.ProcessEnv => ({
    ...emulator.env,
    AWS_ACCESS_KEY_ID: account,
    PULUMI_HOME: pulumiHome,
  });

  async function setUp(
    account: AwsAccount,
    stack: string,
    place = checkout,
    organization: OrganizationSettings = new Map(),
  ): Promise<SetupResult> {
    return setUpEnvironment(stack, await awsBackend(account.clients, account.names(stack), extraTagsOf(organization)), {
      root: place.root,
      env: envOf(account, place),
      say: (line) => messages.push(line),
      confirm: () => Promise.resolve(true),
      protectResources: () => Promise.resolve(false),
      organization,
      pulumi: runPulumi,
    });
  }

  /** `pulumi` as a person would call it afterwards: only logged in, in the region of the credentials. */
  async function pulumi(account: AwsAccount, layer: string, args: readonly string[], input = ""): Promise<string> {
    const env = { ...envOf(account), PULUMI_BACKEND_URL: undefined };
    return runPulumi(args, { cwd: join(checkout.root, "stacks", layer), env, input });
  }

  async function stateKeys(account: AwsAccount): Promise<readonly string[]> {
    const { bucket: Bucket } = account.names("any").state;
    const { Contents: objects = [] } = await account.clients.s3.send(new ListObjectsV2Command({ Bucket }));
    return objects.map(({ Key: key = "" }) => key);
  }

  it("creates four stacks for secrets, and then changes nothing", async () => {
    const account = accounts.next();
    const { status, items } = await setUp(account, "prod");
    expect(status).to.equal("done");
    expect(items.map(({ action }) => action)).to.deep.equal(Array.from({ length: 8 }, () => "create"));
    const { secretsProvider, state } = account.names("prod");
    for (const { name } of layers) {
      await pulumi(account, name, ["config", "set", "token", "--secret", "--stack", "prod"], "s3cret-value");
      expect(await pulumi(account, name, ["config", "get", "token", "--stack", "prod"])).to.equal("s3cret-value");
      const file = checkout.read(`stacks/${name}/Pulumi.prod.yaml`);
      expect(parse(file)).to.include({ secretsprovider: secretsProvider });
      expect(parse(file)).to.have.nested.property("config.aws:region", "eu-west-1");
    }
    expect(parse(checkout.read("environments/prod.yaml"))).to.deep.equal({
      stateUrl: `s3://${state.bucket}/prod?region=eu-west-1&dynamodb_table=${state.lockTable}`,
      secretsProvider,
      account: account.account,
      region: "eu-west-1",
    });

    account.forgetCalls();
    const files = () => layers.map(({ name }) => checkout.read(`stacks/${name}/Pulumi.prod.yaml`));
    const before = [...files(), ...(await stateKeys(account))];
    expect(await setUp(account, "prod")).to.have.property("status", "unchanged");
    expect(account.changes()).to.deep.equal([]);
    expect([...files(), ...(await stateKeys(account))]).to.deep.equal(before);
  });

  it("puts the organization's tags on key, lock table and bucket, and its settings into new stacks", async () => {
    const account = accounts.next();
    const boundary = "arn:aws:iam::123456789012:policy/boundary";
    const organization = new Map([
      ["extraTags", '{"CostCenter":"42"}'],
      ["permissionsBoundaryArn", boundary],
    ] as const);
    await setUp(account, "prod", checkout, organization);
    const { keyAlias, state } = account.names("prod");
    const { s3, dynamodb, kms } = account.clients;
    const tagsOfAll = async () => {
      const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: keyAlias }));
      const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: state.lockTable }));
      const [ofKey, ofTable, ofBucket] = await Promise.all([
        kms.send(new ListResourceTagsCommand({ KeyId: key?.KeyId })),
        dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: table?.TableArn })),
        s3.send(new GetBucketTaggingCommand({ Bucket: state.bucket })),
      ]);
      return [
        ofKey.Tags?.find(({ TagKey }) => TagKey === "CostCenter")?.TagValue,
        ...[ofTable.Tags, ofBucket.TagSet].map((tags) => tags?.find(({ Key }) => Key === "CostCenter")?.Value),
      ];
    };
    expect(await tagsOfAll()).to.deep.equal(["42", "42", "42"]);
    const settingsOf = (layer: string) =>
      (parse(checkout.read(`stacks/${layer}/Pulumi.prod.yaml`)) as { config: Record<string, unknown> }).config;
    for (const { name } of layers) {
      expect(settingsOf(name)).to.have.property(`proliferate-${name}:extraTags`, '{"CostCenter":"42"}');
    }
    expect(settingsOf("data")).to.have.property("proliferate-data:permissionsBoundaryArn", boundary);
    expect(settingsOf("secrets")).not.to.have.property("proliferate-secrets:permissionsBoundaryArn");
    expect(await setUp(account, "prod", checkout, organization)).to.have.property("status", "unchanged");

    // Key, lock table and bucket of an environment that had no such tags get them; others' values stay.
    const second = new Map([["extraTags", '{"CostCenter":"43","Owner":"me"}']] as const);
    const { items } = await setUp(account, "prod", checkout, second);
    expect(items.slice(0, 3).map(({ action, details }) => [action, details])).to.deep.equal(
      Array.from({ length: 3 }, () => ["fix", ["tag it with CostCenter, Owner"]]),
    );
    expect(await tagsOfAll()).to.deep.equal(["42", "42", "42"]);
    expect(await setUp(account, "prod", checkout, second)).to.have.property("status", "unchanged");
  });

  it("keeps two environments of an account and one of another apart", async () => {
    const [account, other] = [accounts.next(), accounts.next()];
    await setUp(account, "prod");
    const prodKeys = await stateKeys(account);
    await setUp(account, "staging");
    const added = (await stateKeys(account)).filter((key) => !prodKeys.includes(key));
    expect(prodKeys.every((key) => key.startsWith("prod/"))).to.equal(true);
    expect(added).not.to.be.empty;
    expect(added.every((key) => key.startsWith("staging/"))).to.equal(true);

    await pulumi(account, "data", ["config", "set", "token", "--secret", "--stack", "staging"], "of staging");
    const keyOf = (stack: string) =>
      (parse(checkout.read(`stacks/data/Pulumi.${stack}.yaml`)) as { encryptedkey: string }).encryptedkey;
    expect(keyOf("staging")).not.to.equal(keyOf("prod"));
    expect(account.names("staging").secretsProvider).not.to.equal(account.names("prod").secretsProvider);

    const failure = await failureOf(setUp(other, "prod"));
    expect(failure).instanceOf(UserError);
    expect(failure.message).to.contain(`account: ${account.account}, but now it would be ${other.account}`);
    await setUp(other, "eu");
    expect((await stateKeys(other)).every((key) => key.startsWith("eu/"))).to.equal(true);
    expect((await stateKeys(account)).some((key) => key.includes("/eu"))).to.equal(false);
  });

  it("writes files of existing stacks to another checkout", async () => {
    const account = accounts.next();
    await setUp(account, "prod");
    checkout.remove();
    checkout = new TemporaryCheckout();
    const { items } = await setUp(account, "prod");
    expect(items.map(({ action }) => action)).to.deep.equal([
      ...["keep", "keep", "keep"],
      ...["fix", "fix", "fix", "fix"],
      "create",
    ]);
    await pulumi(account, "secrets", ["config", "set", "token", "--secret", "--stack", "prod"], "s3cret-value");
    expect(await pulumi(account, "secrets", ["config", "get", "token", "--stack", "prod"])).to.equal("s3cret-value");
  });

  it("has the same result for two users at the same time", async () => {
    const account = accounts.next();
    const other = new TemporaryCheckout();
    try {
      const results = await Promise.all([setUp(account, "prod"), setUp(account, "prod", other)]);
      expect(results.map(({ status }) => status)).to.deep.equal(["done", "done"]);
      expect(other.read("environments/prod.yaml")).to.equal(checkout.read("environments/prod.yaml"));
      expect(await setUp(account, "prod")).to.have.property("status", "unchanged");
      expect(await setUp(account, "prod", other)).to.have.property("status", "unchanged");
      await pulumi(account, "data", ["config", "set", "token", "--secret", "--stack", "prod"], "s3cret-value");
      expect(await pulumi(account, "data", ["config", "get", "token", "--stack", "prod"])).to.equal("s3cret-value");
    } finally {
      other.remove();
    }
  });

  it("refuses stacks that another provider encrypts", async () => {
    const account = accounts.next();
    await setUp(account, "prod");
    const passphraseFile = join(checkout.folder, "passphrase");
    writeFileSync(passphraseFile, "of somebody");
    const change = ["stack", "change-secrets-provider", "passphrase", "--stack", "prod"];
    await runPulumi(change, {
      cwd: join(checkout.root, "stacks/data"),
      env: { ...envOf(account), PULUMI_BACKEND_URL: undefined, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile },
    });
    rmSync(join(checkout.root, "stacks/data/Pulumi.prod.yaml"));
    account.forgetCalls();
    expect(await failureOf(setUp(account, "prod"))).instanceOf(UserError);
    expect(messages.at(-1)).to.contain(`is encrypted by passphrase, not ${account.names("prod").secretsProvider}`);
    expect(account.changes()).to.deep.equal([]);
    expect(existsSync(join(checkout.root, "stacks/data/Pulumi.prod.yaml"))).to.equal(false);
  });
});
