/** A corpus of wrong configurations: each is refused with everything that is wrong in it, and without any secret. */
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { settingNamed, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { CheckReport, Finding } from "@proliferate-infra/orchestrator/checks/finding";
import { findStackFiles, stackFilePath } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { openSecrets } from "@proliferate-infra/orchestrator/checks/open-secrets";
import { doctorDocument, doctorText } from "@proliferate-infra/orchestrator/checks/report-text";
import { judgeSecrets } from "@proliferate-infra/orchestrator/checks/secrets";
import { judgeSettings } from "@proliferate-infra/orchestrator/checks/settings";
import { bothS3Keys, corpus, dataKey, head } from "./corpus.ts";
import { stackTexts, type StackTextOptions } from "@proliferate-infra/testing/stack-texts";

const STACK = "prod";

/** Files of all layers, as a checkout has them. */
function found(texts: ReadonlyMap<LayerName, string>, stack = STACK) {
  const root = mkdtempSync(join(tmpdir(), "bad-configurations-"));
  try {
    for (const [layer, text] of texts) {
      const path = stackFilePath(root, layer, stack);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return findStackFiles(root, stack, layerNames);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Judges files without a tool, a network or an engine. */
async function judged(texts: ReadonlyMap<LayerName, string>): Promise<readonly CheckReport[]> {
  const files = found(texts);
  const opened = await openSecrets(files.files, {}, () => Promise.resolve(dataKey));
  const target = { stack: STACK, expected: head.secretsprovider };
  return [judgeSecrets(files.files, opened, target), judgeSettings(files, opened.texts)];
}

/** Set, so that nothing is left to warn of. */
const nango: SampleChanges = {
  nangoSecretKey: "nango-canary",
  nangoGithubIntegrationId: "github-1",
  nangoLinearIntegrationId: "linear-1",
  nangoSentryIntegrationId: "sentry-1",
};

const judgedWith = ({ changes, ...options }: Partial<StackTextOptions>) =>
  judged(stackTexts({ stack: STACK, dataKey, head, changes: { allowPlainHttp: "true", ...changes }, ...options }));

/** Key of the catalog, or `aws:region`, that a finding is about. */
function keyOf({ message }: Finding): string {
  return /^(?:proliferate-\w+:)?(\S+)/.exec(message)?.[1] ?? "";
}

/** Whether a finding is about a missing secret that nobody has to know. A new value would replace the one that may be in use. */
function isGeneratedAndMissing(finding: Finding): boolean {
  const key = settingNamed(keyOf(finding));
  return key !== undefined && settingOf(key).generated === true && finding.message.includes(" is missing");
}

describe("the corpus of bad configurations", () => {
  it("has invalid configurations", () => {
    expect(corpus.length).to.be.at.least(190);
    expect(new Set(corpus.map(({ what }) => what)).size).to.be.at.least(190);
  });

  it("changes one valid configuration", async () => {
    for (const changes of [{}, bothS3Keys]) {
      expect(
        (await judgedWith({ changes: { ...changes, ...nango } })).flatMap(({ findings }) => findings),
      ).to.deep.equal([]);
    }
  });

  it("warns of each public service without a certificate when resources are protected", async () => {
    const warnings = async (changes: SampleChanges) =>
      (await judgedWith({ changes: { allowPlainHttp: undefined, ...nango, ...changes } }))
        .flatMap(({ findings }) => findings)
        .map(({ severity, message, fix }) => {
          expect(severity).to.equal("warning");
          expect(fix).to.contain(`./rollout configure set allowPlainHttp=true --stack ${STACK}`);
          return /gateway|llm-proxy/.exec(message)?.[0];
        });
    expect(await warnings({})).to.deep.equal(["gateway", "llm-proxy"]);
    expect(await warnings({ enableLlmProxy: "false", llmProxyMasterKey: undefined })).to.deep.equal(["gateway"]);
    expect(await warnings({ hostedZoneId: "Z0123", gatewayDomain: "gateway.example.com" })).to.deep.equal([
      "llm-proxy",
    ]);
    expect(await warnings({ protectResources: "false" })).to.deep.equal([]);
  });

  it("warns of missing keys of Nango in the profile cloud without integrations, with the consequence", async () => {
    const warnings = async (changes: SampleChanges) =>
      (await judgedWith({ changes })).flatMap(({ findings }) =>
        findings.map(({ severity, ...rest }) => [severity, rest]),
      );
    const [[severity, finding] = [], ...others] = await warnings({ ...nango, nangoSecretKey: undefined });
    expect(others).to.deep.equal([]);
    expect(severity).to.equal("warning");
    expect(finding).to.have.property("message").that.contains("nangoSecretKey is not set").and.contains("rolls");
    expect(finding).to.have.property("fix").that.contains(`configure set --secret nangoSecretKey --stack ${STACK}`);
    expect(await warnings({})).to.have.length(1);
    expect(await warnings(nango)).to.deep.equal([]);
    expect(await warnings({ integrationsEnabled: "true", ...nango })).to.deep.equal([]);
    expect(await warnings({ deploymentProfile: "self_host" })).to.deep.equal([]);
  });

  for (const { what, keys, contains = "", ...options } of corpus) {
    it(`refuses ${what}`, async () => {
      const reports = await judgedWith(options);
      const { findings: all, exitCode } = doctorDocument(STACK, reports);
      const findings = all.filter(({ severity }) => severity === "error");
      expect(exitCode).to.equal(3);
      expect([...new Set(findings.map(keyOf))]).to.have.members(keys);
      for (const finding of findings) {
        const { message, fix } = finding;
        expect(message).to.contain(contains);
        if (isGeneratedAndMissing(finding)) {
          expect(fix).to.equal(`./rollout configure --stack ${STACK}`);
          continue;
        }
        expect(fix)
          .to.match(/^pulumi config (set|rm) /)
          .and.to.contain(`--stack ${STACK} --cwd stacks/`);
        expect(fix).to.contain(message.split(" ")[0]);
      }
      expect(doctorText(reports) + JSON.stringify(findings)).not.to.contain("canary");
    });
  }

  it("names each layer of a missing common key, and the command for it", async () => {
    const { findings } = doctorDocument(STACK, await judgedWith({ changes: { defaultSandboxProvider: undefined } }));
    const layers = ["secrets", "services"] as const;
    expect(findings.map(({ fix }) => fix)).to.deep.equal(
      layers.map(
        (layer) =>
          `pulumi config set ${fullKey(layer, "defaultSandboxProvider")} <value> --stack ${STACK} --cwd ${layerByName(layer).directory}`,
      ),
    );
    expect(findings[0]?.message).to.contain("`e2b` or `modal`");
  });

  it("refuses missing, invalid and empty files without showing their contents", async () => {
    const good = stackTexts({ stack: STACK, dataKey, head, changes: { allowPlainHttp: "true", ...nango } });
    const without = new Map([...good].filter(([layer]) => layer !== "data" && layer !== "secrets"));
    const [missing, ...others] = found(without).faults;
    expect(others).to.deep.equal([]);
    expect(missing?.message)
      .to.contain("stacks/data/Pulumi.prod.yaml")
      .and.to.contain("stacks/secrets/Pulumi.prod.yaml")
      .and.not.to.contain("stacks/network/");
    expect(missing?.fix)
      .to.contain("scripts/configure.sh pull --stack prod")
      .and.to.contain("scripts/setup-pulumi.sh --stack prod");
    expect(found(new Map(), "local").faults[0]?.fix)
      .to.contain("scripts/try-local.sh")
      .and.not.to.contain("setup-pulumi.sh");
    for (const text of ["config:\n  a: 'canary\n", "- canary", "config: canary", "secretsprovider: [canary]"]) {
      const [fault] = found(new Map([...good, ["data", text]])).faults;
      expect(fault?.message).to.contain("stacks/data/Pulumi.prod.yaml");
      expect(JSON.stringify(fault)).not.to.contain("canary");
      const [, settings] = await judged(new Map([...good, ["data", text]]));
      expect(settings?.findings).to.have.length(1);
    }
  });
});
