/** A corpus of wrong configurations: each is refused with everything that is wrong in it, and without any secret. */
import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { CheckReport, Finding } from "@proliferate-infra/rollout/doctor/finding";
import { parseLayerFile, type LayerFiles } from "@proliferate-infra/rollout/doctor/layer-files";
import { openSecrets } from "@proliferate-infra/rollout/doctor/open-secrets";
import { doctorDocument, doctorText } from "@proliferate-infra/rollout/doctor/report-text";
import { judgeSecrets } from "@proliferate-infra/rollout/doctor/secrets-check";
import { judgeSettings } from "@proliferate-infra/rollout/doctor/settings-check";
import { badValues } from "../../support/bad-values.ts";
import { sampleValues, type SampleChanges } from "../../support/sample-configuration.ts";
import { encryptValue } from "../../support/stack-encryption.ts";
import { stackTexts, type StackTextOptions } from "../../support/stack-texts.ts";

const STACK = "prod";
const dataKey = randomBytes(32);
const head = { secretsprovider: "awskms://alias/prod?region=us-east-1", encryptedkey: "AQID" };
const allKeys = Object.keys(catalog) as SettingKey[];
const secretKeys = allKeys.filter((key) => settingOf(key).secret);

/** One wrong configuration. */
interface BadConfiguration extends Partial<StackTextOptions> {
  readonly what: string;
  /** Keys that must be named, without namespace, and no others. */
  readonly keys: readonly string[];
  /** What every finding must say besides. */
  readonly says?: string;
}

/** Texts of which one is refused by every kind that refuses anything. */
const nonsense = ["", "not a value!", "-1", "https://", "1e99"];

function refusedText(key: SettingKey): string {
  const text = nonsense.find((candidate) => settingOf(key).kind.parse(candidate) === undefined);
  if (text === undefined) {
    throw new Error(`${key} takes any of ${nonsense.join(", ")}`);
  }
  return settingOf(key).secret && text !== "" ? `${text} canary` : text;
}

/** The first cause of several faults names all the keys that go with it. */
const bothS3Keys = { s3AccessKey: "access-canary-0123", s3SecretKey: "secret-canary-0123" };

const missing = (Object.keys(sampleValues) as SettingKey[]).map((key): BadConfiguration => ({
  what: `${key} missing`,
  changes: { [key]: undefined },
  keys: [key],
  says: "is missing",
}));

const wrongKind = allKeys.map((key): BadConfiguration => {
  const others: SampleChanges = key.startsWith("s3") && settingOf(key).secret ? bothS3Keys : {};
  const changes = { ...others, [key]: refusedText(key) };
  return { what: `${key} of the wrong kind`, changes, keys: [key], says: settingOf(key).kind.allowed };
});

const plainSecrets = secretKeys.map((key): BadConfiguration => {
  const others: SampleChanges = key.startsWith("s3") ? bothS3Keys : {};
  const changes = { ...others, [key]: { text: "plain-canary-0123456789abcdef0123", secret: false } };
  return { what: `${key} as plain text`, changes, keys: [key], says: "plain text" };
});

const contradictions = badValues.map(([layer, changes, key]): BadConfiguration => ({
  what: `${layer} with ${JSON.stringify(changes)}`,
  changes,
  keys: [key],
}));

const special: readonly BadConfiguration[] = [
  { what: "no region", changes: { "aws:region": undefined }, keys: ["aws:region"], says: "such as us-east-1" },
  { what: "a zone for a region", changes: { "aws:region": "us-east-1a" }, keys: ["aws:region"] },
  {
    what: "a region that one layer does not share",
    changesIn: { data: { "aws:region": "eu-west-1" } },
    keys: ["aws:region"],
    says: "must agree",
  },
  {
    what: "a prefix that one layer does not share",
    changesIn: { services: { resourcePrefix: "other" } },
    keys: ["resourcePrefix"],
    says: "must agree",
  },
  {
    what: "a profile that one layer does not share",
    changesIn: { network: { deploymentProfile: "self_host" } },
    keys: ["deploymentProfile"],
    says: "must agree",
  },
  {
    what: "a port that one layer does not share",
    changesIn: { network: { gatewayPort: "9000" } },
    keys: ["gatewayPort"],
    says: "must agree",
  },
  {
    what: "Modal without its tokens and app",
    changes: { defaultSandboxProvider: "modal" },
    keys: ["modalTokenId", "modalTokenSecret", "modalAppName"],
    says: "because defaultSandboxProvider",
  },
  {
    what: "E2B without its template",
    changes: { e2bTemplate: undefined, e2bTemplateAlias: undefined },
    keys: ["e2bTemplate", "e2bTemplateAlias"],
  },
  {
    what: "integrations without Nango",
    changes: { integrationsEnabled: "true" },
    keys: ["nangoSecretKey", "nangoGithubIntegrationId", "nangoLinearIntegrationId", "nangoSentryIntegrationId"],
  },
  {
    what: "full verification without certificates",
    changes: { databaseTlsVerification: "full" },
    keys: ["databaseCaBundlePath"],
  },
  { what: "no Postgres, and none elsewhere", changes: { enableRds: "false" }, keys: ["databaseUrlOverride"] },
  {
    what: "a misspelt key",
    entriesIn: { network: { "proliferate-network:vpcCider": "10.0.0.0/16" } },
    keys: ["vpcCider"],
    says: "did you mean vpcCidr?",
  },
  {
    what: "a key of another layer",
    entriesIn: { network: { "proliferate-network:dbPassword": { secure: "v1:AAAA:BBBB" } } },
    keys: ["dbPassword"],
  },
  {
    what: "a list for a number",
    entriesIn: { services: { "proliferate-services:gatewayCpu": [512] } },
    keys: ["gatewayCpu"],
  },
  {
    what: "a map for a text",
    entriesIn: { services: { "proliferate-services:appUrl": { url: "https://x.example" } } },
    keys: ["appUrl"],
  },
  {
    what: "a number for a switch",
    entriesIn: { network: { "proliferate-network:enableFlowLogs": 1 } },
    keys: ["enableFlowLogs"],
  },
  {
    what: "nothing for a number",
    entriesIn: { services: { "proliferate-services:workerPort": null } },
    keys: ["workerPort"],
  },
  {
    what: "a secret of another stack",
    entriesIn: { data: { "proliferate-data:dbPassword": { secure: encryptValue(randomBytes(32), "foreign-canary") } } },
    keys: ["dbPassword"],
    says: "cannot be decrypted",
  },
  {
    what: "a damaged secret",
    entriesIn: { secrets: { "proliferate-secrets:e2bApiKey": { secure: "v1:damaged-canary" } } },
    keys: ["e2bApiKey"],
    says: "cannot be decrypted",
  },
  {
    what: "secrets without what opens them",
    head: { secretsprovider: head.secretsprovider },
    keys: secretKeys.filter((key) => key in sampleValues),
  },
  {
    what: "several at once",
    changes: {
      ...{ vpcCidr: "10.0.0.0/8", natGateways: "two", dbPassword: "bad canary@", llmProxyMasterKey: "bad-canary" },
      ...{ gatewayMemory: "512", githubAppId: undefined, anthropicApiKey: { text: "plain-canary", secret: false } },
    },
    changesIn: { services: { defaultSandboxProvider: "modal" } },
    keys: [
      "vpcCidr",
      "natGateways",
      "dbPassword",
      "llmProxyMasterKey",
      "gatewayMemory",
      "githubAppId",
      "anthropicApiKey",
      "defaultSandboxProvider",
      "modalAppName",
    ],
  },
];

const corpus = [...missing, ...wrongKind, ...plainSecrets, ...contradictions, ...special];

/** Judges files without a tool, a network or an engine. */
async function judged(texts: ReadonlyMap<LayerName, string>): Promise<readonly CheckReport[]> {
  const parsed = [...texts].map(([layer, text]) => parseLayerFile(layer, STACK, `Pulumi.${STACK}.yaml`, text));
  const files: LayerFiles = {
    files: parsed.filter((each) => "layer" in each),
    faults: parsed.filter((each) => "message" in each),
  };
  const opened = await openSecrets(files.files, {}, () => Promise.resolve(dataKey));
  const target = { stack: STACK, expected: head.secretsprovider };
  return [judgeSecrets(files.files, opened, target), judgeSettings(files, opened.texts)];
}

const judgedWith = (options: Partial<StackTextOptions>) =>
  judged(stackTexts({ stack: STACK, dataKey, head, ...options }));

/** Key of the catalog, or `aws:region`, that a finding is about. */
function keyOf({ message }: Finding): string {
  return /^(?:proliferate-\w+:)?(\S+)/.exec(message)?.[1] ?? "";
}

describe("the corpus of bad configurations", () => {
  it("is one", () => {
    expect(corpus.length).to.be.at.least(190);
    expect(new Set(corpus.map(({ what }) => what)).size).to.be.at.least(190);
  });

  it("is made of changes to one in which nothing is wrong", async () => {
    for (const changes of [{}, bothS3Keys]) {
      expect((await judgedWith({ changes })).flatMap(({ findings }) => findings)).to.deep.equal([]);
    }
  });

  for (const { what, keys, says = "", ...options } of corpus) {
    it(`refuses ${what}`, async () => {
      const reports = await judgedWith(options);
      const { findings, exitCode } = doctorDocument(STACK, reports);
      expect(exitCode).to.equal(3);
      expect([...new Set(findings.map(keyOf))]).to.have.members(keys);
      for (const { message, mend } of findings) {
        expect(message).to.contain(says);
        expect(mend)
          .to.match(/^pulumi config (set|rm) /)
          .and.to.contain(`--stack ${STACK} --cwd stacks/`);
        expect(mend).to.contain(message.split(" ")[0]);
      }
      expect(doctorText(reports) + JSON.stringify(findings)).not.to.contain("canary");
    });
  }

  it("names each layer of a missing common key, and the command for it", async () => {
    const { findings } = doctorDocument(STACK, await judgedWith({ changes: { defaultSandboxProvider: undefined } }));
    const layers = ["secrets", "services"] as const;
    expect(findings.map(({ mend }) => mend)).to.deep.equal(
      layers.map(
        (layer) =>
          `pulumi config set ${fullKey(layer, "defaultSandboxProvider")} <value> --stack ${STACK} --cwd ${layerByName(layer).directory}`,
      ),
    );
    expect(findings[0]?.message).to.contain("`e2b` or `modal`");
  });

  it("refuses files that are missing, no YAML or no settings, and shows nothing of them", async () => {
    const good = stackTexts({ stack: STACK, dataKey, head });
    const parse = (text: string | undefined) => parseLayerFile("data", STACK, "stacks/data/Pulumi.prod.yaml", text);
    expect(parse(undefined)).to.deep.include({ mend: "scripts/setup-pulumi.sh --stack prod" });
    for (const text of ["config:\n  a: 'canary\n", "- canary", "config: canary", "secretsprovider: [canary]"]) {
      const fault = parse(text);
      expect(fault).to.have.property("message").that.contains("stacks/data/Pulumi.prod.yaml");
      expect(JSON.stringify(fault)).not.to.contain("canary");
      const [, settings] = await judged(new Map([...good, ["data", text]]));
      expect(settings?.findings).to.have.length(1);
    }
    expect(layerNames).to.have.length(good.size);
  });
});
