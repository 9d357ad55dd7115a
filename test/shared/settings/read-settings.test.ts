import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import {
  catalog,
  keysOf,
  settingOf,
  type PlainSettings,
  type SettingKey,
} from "@proliferate-infra/shared/settings/catalog";
import { describeFaults, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { recordNetwork } from "../../stacks/network/recorded-network.ts";
import { badValues } from "@proliferate-infra/testing/bad-values";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

function settingsOf<Name extends LayerName>(
  layer: Name,
  changes: SampleChanges = {},
  stack = "prod",
): PlainSettings<Name> {
  const { settings, faults } = readSettings(sampleConfiguration(layer, changes, stack));
  if (settings === undefined) {
    throw new Error(describeFaults(faults));
  }
  return settings;
}

function faultsOf(layer: LayerName, changes: SampleChanges): readonly SettingFault[] {
  return readSettings(sampleConfiguration(layer, changes)).faults;
}

describe("settings", () => {
  for (const layer of layerNames) {
    it(`of ${layer} are read from the sample without errors`, () => {
      expect(faultsOf(layer, {})).to.deep.equal([]);
    });
  }

  it("have the specified defaults", () => {
    expect(settingsOf("network")).to.include({
      stack: "prod",
      environment: "prod",
      resourcePrefix: "proliferate",
      protectResources: true,
    });
    expect(settingsOf("network").publicSubnetCidrs).to.deep.equal(["10.0.101.0/24", "10.0.102.0/24"]);
    expect(settingsOf("network").availabilityZones).to.equal(undefined);
    expect(settingsOf("data")).to.include({ redisNodeType: "cache.t4g.small", dbEngineVersion: "16", enableRds: true });
    expect(settingsOf("secrets")).to.include({ secretRecoveryWindowDays: 7, enableLlmProxy: true });
    expect(settingsOf("services")).to.include({
      apiUrl: "https://app.example.com",
      s3Region: "us-east-1",
      billingEnabled: true,
      gatewayCpu: 512,
      workerMemory: 512,
      albIdleTimeoutSeconds: 300,
    });
  });

  it("leave the stack local unprotected", () => {
    expect(settingsOf("secrets", {}, "local")).to.include({ protectResources: false, secretRecoveryWindowDays: 0 });
    expect(settingsOf("data", {}, "local")).to.include({ finalSnapshots: false });
    expect(settingsOf("data")).to.include({ finalSnapshots: true });
  });

  for (const stack of ["dev", "dev-ann", "devices-prod"]) {
    it(`require protectResources for ${stack}`, () => {
      const unsaid = { protectResources: undefined };
      const [fault, ...more] = readSettings(sampleConfiguration("data", unsaid, stack)).faults;
      expect(more).to.deep.equal([]);
      expect(fault).to.include({ layer: "data", key: "protectResources" });
      expect(fault?.command).to.contain(`./rollout configure set protectResources=false --stack ${stack}`);
      for (const said of ["true", "false"]) {
        expect(settingsOf("data", { protectResources: said }, stack).protectResources).to.equal(said === "true");
      }
    });
  }

  it("plan subnets inside a VPC of another range", () => {
    expect(settingsOf("network", { vpcCidr: "172.20.0.0/20" }).privateSubnetCidrs).to.deep.equal([
      "172.20.0.16/28",
      "172.20.0.32/28",
    ]);
  });

  it("accept lists as YAML lists and as text", () => {
    const expected = ["192.0.2.0/24", "198.51.100.7/32"];
    expect(settingsOf("network", { dbAllowedCidrs: JSON.stringify(expected) }).dbAllowedCidrs).to.deep.equal(expected);
    expect(settingsOf("network", { dbAllowedCidrs: expected.join(", ") }).dbAllowedCidrs).to.deep.equal(expected);
  });
});

describe("faults", () => {
  it("name a missing key, why it is required, what is allowed and the command that fixes it", () => {
    expect(faultsOf("data", { dbPassword: undefined })).to.deep.equal([
      {
        layer: "data",
        key: "dbPassword",
        message:
          'is missing because enableRds is true; it must be 8 to 128 printable ASCII characters without `/`, `@`, `"` and space',
        // In a deployed environment a new value would replace the one in use, so the command is one that refuses that.
        command: "./rollout configure --stack prod",
      },
    ]);
    const [fault] = faultsOf("secrets", { anthropicApiKey: undefined });
    expect(fault?.command).to.equal(
      "pulumi config set proliferate-secrets:anthropicApiKey --secret --stack prod --cwd stacks/secrets",
    );
  });

  it("are all reported together", () => {
    const changes = { vpcCidr: "10.0.0.0/8", natGateways: "two", dbAllowedCidrs: "0.0.0.0/0", "aws:region": undefined };
    expect(faultsOf("network", changes).map(({ key }) => key)).to.have.members([
      "aws:region",
      "vpcCidr",
      "natGateways",
      "dbAllowedCidrs",
    ]);
  });

  for (const [layer, changes, key] of badValues) {
    it(`name ${key} for ${JSON.stringify(changes)}`, () => {
      expect(faultsOf(layer, changes).map((fault) => fault.key)).to.deep.equal([key]);
    });
  }

  it("require the keys of the sandbox provider, the profile, integrations and the proxy", () => {
    const missing = (changes: SampleChanges) => [
      ...faultsOf("secrets", changes).map(({ key }) => key),
      ...faultsOf("services", changes).map(({ key }) => key),
    ];
    expect(missing({ defaultSandboxProvider: "modal" })).to.deep.equal([
      "modalTokenId",
      "modalTokenSecret",
      "modalAppName",
    ]);
    expect(missing({ integrationsEnabled: "true" })).to.deep.equal([
      "nangoSecretKey",
      "nangoGithubIntegrationId",
      "nangoLinearIntegrationId",
      "nangoSentryIntegrationId",
    ]);
    const cloudOnly = {
      billingJwtSecret: undefined,
      autumnApiKey: undefined,
      resendApiKey: undefined,
      autumnApiUrl: undefined,
    };
    expect(missing(cloudOnly)).to.deep.equal(Object.keys(cloudOnly));
    expect(missing({ ...cloudOnly, deploymentProfile: "self_host" })).to.deep.equal([]);
    expect(missing({ llmProxyMasterKey: undefined })).to.deep.equal(["llmProxyMasterKey"]);
    expect(missing({ llmProxyMasterKey: undefined, enableLlmProxy: "false" })).to.deep.equal([]);
  });

  it("refuse a secret that is stored as plain text and never show it", () => {
    const faults = faultsOf("data", { dbPassword: { text: "plain-canary-text", secret: false } });
    expect(faults.map(({ key }) => key)).to.deep.equal(["dbPassword"]);
    expect(describeFaults(faults)).not.to.contain("plain-canary-text");
  });

  it("are found while secrets are encrypted, in every layer", () => {
    const encrypted = Object.fromEntries(
      (Object.keys(catalog) as SettingKey[])
        .filter((key) => settingOf(key).secret)
        .map((key) => [key, { text: undefined, secret: true }] as const),
    ) as SampleChanges;
    for (const layer of layerNames) {
      const changes = {
        ...encrypted,
        enableRds: "false",
        redisReplicationEnabled: "true",
        redisTransitEncryption: "true",
      };
      expect(faultsOf(layer, changes), layer).to.deep.equal([]);
    }
  });

  it("never show a secret's value", () => {
    for (const layer of layerNames) {
      const bad: Partial<Record<SettingKey, string>> = {};
      for (const key of keysOf(layer).filter((candidate) => settingOf(candidate).secret)) {
        bad[key] = "@canary /";
      }
      expect(describeFaults(faultsOf(layer, bad)), layer).not.to.contain("canary /");
    }
  });

  it("suggest the right key for a misspelled one", () => {
    const configuration = sampleConfiguration("network");
    const values = new Map([
      ...configuration.values,
      ["proliferate-network:vpcCider", { text: "10.0.0.0/16", secret: false }],
    ]);
    const [fault, ...others] = readSettings({ ...configuration, values }).faults;
    expect(others).to.deep.equal([]);
    expect(fault?.message).to.equal("is not a key of this layer; did you mean vpcCidr?");
    expect(fault?.command).to.equal("pulumi config rm proliferate-network:vpcCider --stack prod --cwd stacks/network");
  });

  it("suggest the right key for keys of the single project and of other layers", () => {
    const configuration = sampleConfiguration("network");
    const value = { text: "any", secret: false };
    const foreign = ["proliferate-infra:gatewayPort", "proliferate-data:dbName", "proliferate-infra:gone", "other:key"];
    const values = new Map([...configuration.values, ...foreign.map((key) => [key, value] as const)]);
    const { faults } = readSettings({ ...configuration, values });
    expect(faults.map(({ key, message }) => `${key} ${message}`)).to.deep.equal([
      "proliferate-infra:gatewayPort is not read in this layer; the setting is proliferate-network:gatewayPort, proliferate-services:gatewayPort",
      "proliferate-data:dbName is not read in this layer; the setting is proliferate-data:dbName",
      "proliferate-infra:gone is not read in this layer",
    ]);
    expect(faults[0]?.command).to.equal(
      "pulumi config rm proliferate-infra:gatewayPort --stack prod --cwd stacks/network",
    );
  });
});

describe("limits of AWS", () => {
  for (const [key, values, words] of [
    ["resourcePrefix", ["internal", "internal-tools"], "internal-"],
    ["resourcePrefix", ["sg", "sg-1"], "sg-"],
    ["resourcePrefix", ["sthree", "sthree-configurator", "amzn-s3-demo"], "S3"],
    ["dbUsername", ["pg_app", "PG_APP"], "pg_"],
    ["dbUsername", ["rds_owner", "rdsadmin", "admin", "postgres"], "RDS reserves"],
    ["dbUsername", ["user", "User", "select"], "Postgres reserves"],
    ["dbName", ["postgres", "template1"], "every instance"],
    ["dbName", ["db", "catalog"], "RDS reserves"],
    ["dbName", ["select", "USER"], "Postgres reserves"],
  ] as const) {
    for (const value of values) {
      it(`refuse ${key}=${value} with AWS's reason`, () => {
        const faults = faultsOf(key === "resourcePrefix" ? "network" : "data", { [key]: value });
        expect(faults.map((fault) => fault.key)).to.deep.equal([key]);
        expect(faults[0]?.message).to.include(words);
      });
    }
  }

  it("allow names that are only similar", () => {
    for (const resourcePrefix of ["internals", "sgx", "my-internal", "sthreex", "internal2"]) {
      expect(faultsOf("network", { resourcePrefix })).to.deep.equal([]);
    }
    for (const name of ["pgapp", "users", "rdsowner", "app_db", "proliferate"]) {
      expect(faultsOf("data", { dbName: name, dbUsername: name })).to.deep.equal([]);
    }
  });

  it("refuse tags that a service of AWS refuses, or that a layer sets itself", () => {
    const extraTags = (tags: object) => faultsOf("network", { extraTags: JSON.stringify(tags) });
    const numbered = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "x"]));
    for (const tags of [
      {},
      { CostCenter: "42" },
      { "team/Name:é": "a b+c=d@e" },
      numbered(40),
      { ["k".repeat(128)]: "v".repeat(256) },
    ]) {
      expect(extraTags(tags), JSON.stringify(tags)).to.deep.equal([]);
    }
    for (const tags of [
      ...[{ "aws:x": "1" }, { "AWS:x": "1" }, { "proliferate:x": "1" }, { project: "1" }, { Name: "1" }],
      ...[{ a: "1", A: "2" }, { "": "1" }, { a: "" }, { a: 1 }, { "a#b": "1" }, { a: "x;y" }, { a: " x" }, ["a"]],
      ...[numbered(41), { ["k".repeat(129)]: "v" }, { k: "v".repeat(257) }],
    ]) {
      expect(
        extraTags(tags).map(({ key }) => key),
        JSON.stringify(tags),
      ).to.deep.equal(["extraTags"]);
    }
  });

  const big = (length: number) => JSON.stringify({ A: "x".repeat(length) });
  const secret = (text: string) => ({ text, secret: true });

  it("refuse secrets of a service that Secrets Manager does not store, and name the longer setting", () => {
    const changes = { extraSecrets: secret(big(60_000)), workerExtraSecrets: secret('{"B":"1"}') };
    expect(faultsOf("secrets", changes)).to.deep.equal([]);
    const faults = faultsOf("secrets", { ...changes, workerExtraSecrets: secret(big(65_600).replace("A", "B")) });
    expect(faults.map(({ key }) => key)).to.deep.equal(["workerExtraSecrets"]);
    expect(faults[0]?.message).to.include("65536").and.include("worker").and.not.include("xxx");
    const common = faultsOf("secrets", { extraSecrets: secret(big(65_600)) });
    expect(common.map(({ key }) => key)).to.deep.equal(["extraSecrets", "extraSecrets"]);
    const encrypted = { text: undefined, secret: true };
    expect(faultsOf("secrets", { extraSecrets: encrypted, gatewayExtraSecrets: encrypted })).to.deep.equal([]);
  });

  it("refuse variables of a service with which its task definition is too long for ECS", () => {
    expect(faultsOf("services", { extraEnvironment: big(60_000) })).to.deep.equal([]);
    const faults = faultsOf("services", {
      extraEnvironment: big(40_000),
      gatewayExtraEnvironment: big(1).replace("A", "B"),
    });
    expect(faults).to.deep.equal([]);
    const both = faultsOf("services", {
      extraEnvironment: big(40_000),
      gatewayExtraEnvironment: big(30_000).replace("A", "B"),
    });
    expect(both.map(({ key }) => key)).to.deep.equal(["extraEnvironment"]);
    expect(both[0]?.message).to.include("gateway").and.include("65536");
  });
});

describe("keys of Pulumi's AWS provider", () => {
  const AWS = "aws:" as const;
  /** The options of the provider's constructor, from the package's declarations. */
  const known = (() => {
    const declarations = readFileSync(createRequire(import.meta.url).resolve("@pulumi/aws/provider.d.ts"), "utf8");
    const args = declarations.slice(declarations.indexOf("interface ProviderArgs"));
    return [...args.matchAll(/^ {4}(\w+)\?: /gm)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  })();
  const passed = {
    [`${AWS}allowedAccountIds`]: '["111122223333"]',
    [`${AWS}ignoreTags`]: '{"keys":["Owner"],"keyPrefixes":["audit:"]}',
  };

  it("are passed to the provider or refused by name", () => {
    expect(known).to.include.members(["region", "profile", "assumeRoles", "endpoints", "defaultTags"]);
    const handled = ["region", "allowedAccountIds", "forbiddenAccountIds", "ignoreTags"];
    for (const name of [...known.filter((each) => !handled.includes(each)), "assumeRole", "madeUp"]) {
      const faults = faultsOf("data", { [`${AWS}${name}`]: "x" });
      expect(
        faults.map(({ key }) => key),
        name,
      ).to.deep.equal([`aws:${name}`]);
      expect(faults[0]?.command).to.equal(`pulumi config rm aws:${name} --stack prod --cwd stacks/data`);
    }
    expect(faultsOf("data", { "aws:profile": "x" })[0]?.message).to.include("AWS_PROFILE");
  });

  it("are checked: accounts, ignored tags, and that only one kind of account is given", () => {
    expect(settingsOf("network", passed).provider).to.deep.equal({
      allowedAccountIds: ["111122223333"],
      ignoreTags: { keys: ["Owner"], keyPrefixes: ["audit:"] },
    });
    for (const changes of [
      { "aws:allowedAccountIds": "[]" },
      { "aws:allowedAccountIds": "1" },
      { "aws:ignoreTags": '["Owner"]' },
      { "aws:ignoreTags": { text: undefined, secret: true } },
      { ...passed, "aws:forbiddenAccountIds": "999999999999" },
    ]) {
      expect(faultsOf("network", changes), JSON.stringify(changes)).to.have.length(1);
    }
  });

  it("reach the layer's provider", async () => {
    const { recording } = await recordNetwork(passed);
    const { inputs } = recording.only("pulumi:providers:aws");
    expect(inputs).to.include({
      allowedAccountIds: '["111122223333"]',
      ignoreTags: passed["aws:ignoreTags"],
    });
  });
});

describe("catalog", () => {
  it("gives every default a value that its own kind accepts", () => {
    const values = {
      stack: "prod",
      region: "us-east-1",
      deploymentProfile: "cloud",
      appUrl: "https://a.example",
    } as const;
    for (const key of Object.keys(catalog) as SettingKey[]) {
      const setting = settingOf(key);
      const value = setting.default?.value(values);
      if (value !== undefined) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        expect(setting.kind.parse(text), key).to.deep.equal(value);
      }
    }
  });
});
