/** What the catalog says of the effects of each setting, on the real engine: deployed changes, and refused replacements. */
import { expect } from "chai";
import { ACMClient, ImportCertificateCommand } from "@aws-sdk/client-acm";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { layerNames } from "@proliferate-infra/shared/layers";
import { serviceKeys } from "@proliferate-infra/shared/services";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { textOf } from "@proliferate-infra/shared/settings/setting";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { sampleSettings } from "@proliferate-infra/testing/sample-settings";
import { sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { effectsEnvironment, settingChanges } from "@proliferate-infra/testing/setting-changes";
import { using } from "./emulator-client.ts";
import { facts, readAws, variablesOf, type AwsFacts } from "./effects-on-aws.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
/** As many tasks as are set, because the emulated AWS has no Application Auto Scaling. */
const tasks = (count: string) =>
  Object.fromEntries(
    serviceKeys.flatMap((key) => ["DesiredCount", "MinCount", "MaxCount"].map((name) => [`${key}${name}`, count])),
  ) as SampleChanges;
const base: SampleChanges = {
  ...effectsEnvironment,
  ...tasks("1"),
  redisReplicationEnabled: "true",
  redisMaintenanceWindow: "sun:03:00-sun:04:00",
  dbMaintenanceWindow: "sun:05:00-sun:06:00",
};
const STACK = "dev-effects";
const keys = Object.keys(catalog) as SettingKey[];

const noScaling = "The emulated AWS has no Application Auto Scaling.";

/** Resource types of which the emulated AWS returns less than AWS, and what it leaves out. */
const describedInPart: Readonly<Record<string, string>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": "description, dimensions, period and statistic",
  "aws:ec2/flowLog:FlowLog": "role, tags and interval",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "private DNS of interface endpoints",
  "aws:ecs/service:Service": "alarms of the deployment",
};

const inUse = "It is refused while the subnets are in use; changes.test.ts moves subnets.";

/** Why a key is not changed here. test/stacks/effects.test.ts compares all keys with the programs. */
const elsewhere: Readonly<Partial<Record<SettingKey, string>>> = {
  allowPlainHttp: "It changes no resource.",
  extraTags: "It changes the tags of every resource, as `environment` does here.",
  permissionsBoundaryArn: "test/stacks compares it.",
  replaceDnsRecords: "other-variant.test.ts deploys it.",
  protectResources: "The engine then analyzes policies, which takes long; test/stacks compares it.",
  finalSnapshots: "It counts when Postgres or Redis is deleted.",
  secretRecoveryWindowDays: "It counts when a secret is deleted.",
  userSecretsEncryptionKey: "`up` refuses it without `rotate --accept`.",
  llmProxyMasterKey: "`up` refuses it without `rotate --accept`.",
  redisEngineVersion: "The provider would replace a Redis 7.0 for redisTransitEncryption, which changes here.",
  redisAuthToken: "rotate-secrets.test.ts deploys it.",
  redisAuthTokenUpdateStrategy: "It counts with a new redisAuthToken.",
  databaseUrlOverride: "rollout-engine.test.ts deploys it.",
  applicationDatabaseDriver: "It changes a parameter of a URL that databaseTlsVerification changes here.",
  s3KmsKeyArn: "It must be in s3Region, which changes here.",
  requestsPerTarget: noScaling,
  pauseAt: noScaling,
  resumeAt: noScaling,
  pauseTimeZone: noScaling,
  redisTransitEncryptionMode: "It changes in a deployment of its own.",
  dbEngineVersion: "It needs consent of its own.",
  publicSubnetCidrs: inUse,
  privateSubnetCidrs: inUse,
  availabilityZones: inUse,
};

/** Keys whose change is refused: previewed, not deployed. */
const refused: readonly SettingKey[] = keys.filter((key) => {
  const [first] = settingOf(key).effects.filter(({ kind }) => kind === "replacement");
  return (
    first !== undefined &&
    first.only?.when !== "to a lower value" &&
    !["createS3Bucket", "enableInterfaceEndpoints"].includes(key)
  );
});

/** Keys that cannot change together with the others; test/stacks compares them. */
const second = [
  "createS3Bucket",
  "llmProxyDomain",
  "gatewayCertificateArn",
  "albIdleTimeoutSeconds",
  "enableExecuteCommand",
] as const satisfies readonly SettingKey[];
const isIn = (list: readonly string[], key: string) => list.includes(key);
const firstKeys = keys.filter(
  (key) => !(key in elsewhere) && !isIn(refused, key) && !isIn(second, key) && key !== "applyChanges",
);

const changesOf = (list: readonly SettingKey[]): SampleChanges =>
  Object.assign(
    {},
    ...list.map((key) => ({ ...settingChanges[key].together, [key]: settingChanges[key].to })),
  ) as SampleChanges;

describe("the effects of settings on the engine", function () {
  this.timeout(20 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let settings = base;
  let zone: string;
  let certificate: string;

  /** Changes settings of all layers and deploys them. Returns what AWS has then. */
  async function deploy(changes: SampleChanges): Promise<AwsFacts> {
    settings = { ...settings, ...changes };
    environment.change(changes);
    const report = await environment.report("up");
    expect(report.exitCode, environment.printed.at(-1)).to.equal(0);
    return readAws(environment, [zone]);
  }

  /** Resources that another deployment would change, without those that the emulated AWS does not describe as AWS does. */
  async function left(): Promise<readonly string[]> {
    const { stderr } = await environment.rollout("preview", "--force");
    const changes = [...stderr.matchAll(/^\[\w+\] (?:creating|updating|deleting|replacing) (\S+) \S+$/gm)];
    return changes.filter(([, type = ""]) => !(type in describedInPart)).map(([line]) => line);
  }

  /** Differences between the settings and what AWS has. */
  function wrongOnAws(aws: AwsFacts, list: readonly SettingKey[]): readonly string[] {
    return list.flatMap((key) => {
      const { layers, variable, secret } = settingOf(key);
      const [layer = "services"] = layers.filter(
        (name) => name === "services" || name === "secrets" || layers.length === 1,
      );
      const typed = new Map<string, unknown>(Object.entries(sampleSettings(layer, settings, STACK))).get(key);
      const plain = secret ? settings[key] : typed;
      const fact = facts[key];
      if (fact !== undefined) {
        const expected = key.endsWith("Sidecars") ? (plain as { name: string }[]).map(({ name }) => name) : plain;
        const expectedText = JSON.stringify(
          typeof expected === "string" && secret && expected.startsWith("{") ? JSON.parse(expected) : expected,
        );
        const found = JSON.stringify(fact(aws));
        return found === expectedText ? [] : [`${key} is ${found}, not ${expectedText}`];
      }
      if (variable === undefined) {
        return [`${key} has no fact`];
      }
      const values = variablesOf(aws, secret).map((variables) => variables[variable]);
      return plain === undefined || values.includes(textOf(plain)) ? [] : [`${key}: ${variable} is ${String(values)}`];
    });
  }

  const taskDefinitions = ({ services }: AwsFacts) => serviceKeys.map((key) => services[key].service.taskDefinition);

  before(async () => {
    environment = await EngineEnvironment.start(STACK, settings);
    zone = await using(Route53Client, environment, async (route53) => {
      const { HostedZone: made } = await route53.send(
        new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "effects" }),
      );
      return made?.Id?.replace("/hostedzone/", "") ?? "";
    });
    certificate = await using(ACMClient, environment, async (acm) => {
      const { CertificateArn } = await acm.send(
        new ImportCertificateCommand({ Certificate: Buffer.from("certificate"), PrivateKey: Buffer.from("key") }),
      );
      return CertificateArn ?? "";
    });
  });
  after(() => environment.dispose());

  let aws: AwsFacts;

  it("deploy an environment", async () => {
    aws = await deploy({});
    expect(
      wrongOnAws(
        aws,
        firstKeys.filter((key) => settings[key] !== undefined && !(key in sampleValues)),
      ),
    ).to.deep.equal([]);
  });

  it("take effect at once, and roll the tasks of every service", async () => {
    const before = taskDefinitions(aws);
    aws = await deploy({
      ...changesOf(firstKeys),
      ...tasks("2"),
      ...{ hostedZoneId: zone, llmProxyCertificateArn: certificate, databaseCaBundlePath: "/etc/rds.pem" },
      ...{ redisTransitEncryptionMode: "preferred" },
    });
    expect({ wrong: wrongOnAws(aws, firstKeys), left: await left() }).to.deep.equal({ wrong: [], left: [] });
    expect(taskDefinitions(aws).filter((arn) => before.includes(arn))).to.deep.equal([]);
  });

  it("refuse what cannot be taken or replaces something before anything is touched", async () => {
    const states = await Promise.all(layerNames.map((layer) => environment.stateOf(layer)));
    for (const [changes, words] of [
      [{ dbAllocatedStorageGb: "20" }, [/dbAllocatedStorageGb=40/]],
      [
        { dbName: "other", redisEngineVersion: "7.0" },
        [/Instance::proliferate-postgres/, /ReplicationGroup::proliferate-redis/],
      ],
      [
        { publicSubnetCidrs: settingChanges.publicSubnetCidrs.to },
        [/publicSubnetCidrs would replace subnets/, /data and services use them/],
      ],
      [{ enableInterfaceEndpoints: "false" }, [/SecurityGroup::interface-endpoints/]],
      [
        { kmsKeyArn: settingChanges.kmsKeyArn.to },
        [/Instance::proliferate-postgres/, /Repository::gateway-repository/],
      ],
    ] as const) {
      const former = Object.fromEntries(Object.keys(changes).map((key) => [key, settings[key as SettingKey]]));
      environment.change(changes);
      const { exitCode, stderr } = await environment.rollout("up", "--yes");
      expect(exitCode, stderr).to.equal(3);
      for (const word of words) {
        expect(word.test(stderr), `${String(word)} in ${stderr}`).to.equal(true);
      }
      environment.change(former);
    }
    expect(await Promise.all(layerNames.map((layer) => environment.stateOf(layer)))).to.deep.equal(states);
  });
});
