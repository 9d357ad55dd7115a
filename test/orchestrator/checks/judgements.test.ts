/** What checks report of tools, credentials and the state's place. */
import { expect } from "chai";
import fc from "fast-check";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { ProviderOptions } from "@proliferate-infra/shared/settings/provider-settings";
import type { FoundCredentials } from "@proliferate-infra/orchestrator/aws/credentials";
import { canLook, judgeCredentials } from "@proliferate-infra/orchestrator/checks/credentials";
import { isSound, type CheckReport } from "@proliferate-infra/orchestrator/checks/finding";
import { judgeState } from "@proliferate-infra/orchestrator/checks/state";
import { LOCAL_BUILDS_VARIABLE } from "@proliferate-infra/backend/local-builds";
import { judgeTools, type ToolVersions } from "@proliferate-infra/orchestrator/checks/tools";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import type { PlanItem } from "@proliferate-infra/orchestrator/bootstrap/plan-item";
import { parseVersion } from "@proliferate-infra/orchestrator/pulumi/version";

const messagesOf = ({ findings }: CheckReport) => findings.map(({ severity, message }) => `${severity}: ${message}`);

describe("the check of the tools", () => {
  const good = {
    pulumi: parseVersion("3.259.0"),
    awsProvider: parseVersion("7.48.0"),
    hasLanguageHost: true,
  };
  const judge = (tools: ToolVersions, isProtected = true, env: NodeJS.ProcessEnv = {}) =>
    judgeTools(tools, isProtected, env);

  it("accepts the toolchain's versions, and no older or much newer ones", () => {
    expect(messagesOf(judge(good))).to.deep.equal([]);
    for (const version of ["2.0.0", "4.0.0", "3.259.0-alpha.1"]) {
      const [text] = messagesOf(judge({ ...good, pulumi: parseVersion(version) }));
      expect(text).to.contain("it must be >=3.259.0 <4");
    }
    expect(messagesOf(judge({ ...good, awsProvider: parseVersion("v6.1.0") }))[0]).to.contain("is 6.1.0");
  });

  it("reports missing tools; without the CLI it does not report the language host", () => {
    const none = { pulumi: undefined, awsProvider: undefined, hasLanguageHost: false };
    expect(messagesOf(judge(none))).to.deep.equal([
      "error: The Pulumi CLI (pulumi) is not on PATH, or does not start.",
      "error: The AWS provider (pulumi-resource-aws) is not on PATH, or does not start.",
    ]);
    expect(messagesOf(judge({ ...good, hasLanguageHost: false }))).to.have.length(1);
  });

  describe("of programs that were built on this machine", () => {
    const built = { ...good, pulumi: parseVersion("v3.259.0+local"), awsProvider: parseVersion("7.48.0+local") };

    it("refuses them in a protected environment, and names the official download and the variable", () => {
      const { findings } = judge(built);
      expect(findings.map(({ severity, message }) => `${severity} ${message.split(" ")[0]}`)).to.deep.equal([
        "error pulumi",
        "error pulumi-resource-aws",
      ]);
      expect(findings[0]?.message).to.contain("3.259.0+local");
      expect(findings[0]?.fix).to.contain("node tools/set-up.mjs").and.to.contain(`${LOCAL_BUILDS_VARIABLE}=true`);
    });

    it("accepts them in an unprotected environment", () => {
      expect(messagesOf(judge(built, false))).to.deep.equal([]);
    });

    it("only warns when the variable is true", () => {
      expect(messagesOf(judge(built, true, { [LOCAL_BUILDS_VARIABLE]: "true" }))).to.have.length(2);
      expect(isSound(judge(built, true, { [LOCAL_BUILDS_VARIABLE]: "true" }))).to.equal(true);
      expect(isSound(judge(built, true, { [LOCAL_BUILDS_VARIABLE]: "false" }))).to.equal(false);
    });
  });
});

describe("the check of the credentials", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  const target = {
    stack: "prod",
    facts: { account: "111111111111", region: "eu-west-1" },
    regions: new Map([["network", "eu-west-1"] as const]),
    providers: new Map<LayerName, ProviderOptions>(),
    defaultRegion: undefined,
    sessionEnd: undefined,
    now,
  };
  const accepted = { kind: "accepted", account: "111111111111", arn: "arn:x" } as const;
  const refused: FoundCredentials = { kind: "refused", fault: { message: "They have expired.", fix: "Log in." } };

  it("accepts the environment's account and region", () => {
    expect(messagesOf(judgeCredentials(accepted, target))).to.deep.equal([]);
    expect(messagesOf(judgeCredentials({ ...accepted, account: "2" }, { ...target, facts: undefined }))).to.deep.equal(
      [],
    );
  });

  it("warns of a session that ends within an hour, and refuses one that ends within five minutes", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 200 }), (minutes) => {
        const sessionEnd = new Date(now.getTime() + minutes * 60_000);
        const { findings } = judgeCredentials(accepted, { ...target, sessionEnd });
        const expected = minutes < 5 ? ["error"] : minutes < 60 ? ["warning"] : [];
        expect(findings.map(({ severity }) => severity)).to.deep.equal(expected);
      }),
    );
  });

  it("warns of a session of unknown length, with what CI can use instead", () => {
    const { findings } = judgeCredentials(accepted, { ...target, sessionEnd: "unknown" });
    expect(findings.map(({ severity }) => severity)).to.deep.equal(["warning"]);
    expect(findings[0]?.message).to.contain("session of unknown length");
    expect(findings[0]?.fix).to.contain("AWS_CREDENTIAL_EXPIRATION").and.contain("AWS_WEB_IDENTITY_TOKEN_FILE");
    const ended = judgeCredentials(refused, { ...target, sessionEnd: "unknown" });
    expect(messagesOf(ended)).to.have.length(1);
  });

  for (const [found, words] of [
    [refused, "have expired"],
    [{ ...accepted, account: "222222222222" }, "but prod is in 111111111111"],
  ] as const) {
    it(`says of ${JSON.stringify(found)}: ${words}`, () => {
      const texts = messagesOf(judgeCredentials(found, target));
      expect(texts).to.have.length(1);
      expect(texts[0])
        .to.contain(words)
        .and.to.match(/^error: /);
      expect(canLook(found, target)).to.equal(false);
    });
  }

  it("refuses an account that a layer's provider must not be in, and names the layer", () => {
    const judged = (options: ProviderOptions) =>
      messagesOf(judgeCredentials(accepted, { ...target, facts: undefined, providers: new Map([["data", options]]) }));
    expect(judged({ allowedAccountIds: ["111111111111"], ignoreTags: { keys: ["Owner"] } })).to.deep.equal([]);
    for (const options of [{ allowedAccountIds: ["999999999999"] }, { forbiddenAccountIds: ["111111111111"] }]) {
      const texts = judged(options);
      expect(texts).to.have.length(1);
      expect(texts[0]).to.match(/^error: .*111111111111.*aws:\w+AccountIds.*data/s);
    }
  });

  it("refuses a layer in another region, with the command, and only warns of the user's own", () => {
    const regions = new Map([...target.regions, ["data", "us-east-1"] as const]);
    const { findings } = judgeCredentials(accepted, { ...target, regions, defaultRegion: "us-east-2" });
    expect(findings.map(({ severity, fix }) => [severity, fix])).to.deep.equal([
      ["error", "pulumi config set aws:region eu-west-1 --stack prod --cwd stacks/data"],
      ["warning", "export AWS_REGION=eu-west-1"],
    ]);
  });
});

describe("the check of the state's place", () => {
  const { state: place } = environmentNames("111111111111", "eu-west-1", "prod");
  const safety = { isClosed: true, keepsVersions: true, encryption: { BucketKeyEnabled: true } };
  const lockTable: PlanItem = { what: "lock table", name: place.lockTable, action: "keep", details: [] };
  const good = { kind: "s3", place, bucket: { status: "present", facts: safety }, lockTable } as const;

  it("reports everything that is missing", () => {
    expect(messagesOf(judgeState(good, "prod"))).to.deep.equal([]);
    const open = { isClosed: false, keepsVersions: false, encryption: undefined };
    const bucket = { status: "present", facts: open } as const;
    const texts = messagesOf(judgeState({ ...good, bucket, lockTable: { ...lockTable, action: "create" } }, "prod"));
    expect(texts.map((text) => text.split(place.region).at(-1))).to.deep.equal([
      " does not keep old versions of the states.",
      " does not encrypt the states.",
      " does not block all public access.",
      " does not exist.",
    ]);
  });

  it("distinguishes a bucket that does not exist from one that cannot be used", () => {
    const absent = judgeState({ ...good, bucket: { status: "absent" } }, "prod");
    const unusable = judgeState({ ...good, bucket: { status: "unusable", reasons: ["is not in eu-west-1"] } }, "prod");
    expect(messagesOf(absent)[0]).to.contain("does not exist");
    expect(messagesOf(unusable)[0]).to.contain("is not in eu-west-1");
  });

  it("refuses a table with another key, and only warns of one that can be fixed", () => {
    const refused = { ...lockTable, action: "refuse", details: ["has the key id S HASH"] } as const;
    expect(messagesOf(judgeState({ ...good, lockTable: refused }, "prod"))).to.deep.equal([
      `error: The lock table ${place.lockTable} has the key id S HASH.`,
    ]);
    const fixable = { ...lockTable, action: "fix", details: ["bill on demand"] } as const;
    const [warning] = judgeState({ ...good, lockTable: fixable }, "prod").findings;
    expect(warning).to.include({ severity: "warning", fix: "scripts/setup-pulumi.sh --stack prod" });
  });

  it("requires a writable folder", () => {
    const folder = { kind: "file", place: { kind: "file", directory: "/x" }, isWritable: false } as const;
    expect(messagesOf(judgeState(folder, "prod"))).to.have.length(1);
    expect(messagesOf(judgeState({ ...folder, isWritable: true }, "prod"))).to.deep.equal([]);
  });
});
