/** The pre-flight against an emulated AWS and settings that Pulumi itself has written. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { clientOptions } from "@proliferate-infra/orchestrator/commands/local/variables";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import type { DoctorDocument } from "@proliferate-infra/orchestrator/checks/report-text";
import { environmentFile, writeEnvironmentFile } from "@proliferate-infra/backend/environment/environment-file";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { ensureStateBackend } from "@proliferate-infra/orchestrator/bootstrap/aws-backend";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";

const STACK = `dev-doctor-${process.pid}`;
const { bucket, lockTable } = localEnvironment.state;

describe("the doctor on an emulated AWS", function () {
  this.timeout(120_000);
  let environment: EngineEnvironment;
  let kms: KMSClient;
  let dynamodb: DynamoDBClient;
  before(async () => {
    environment = await EngineEnvironment.start(STACK, smallEnvironment);
    kms = new KMSClient(clientOptions(environment.endpoint));
    dynamodb = new DynamoDBClient(clientOptions(environment.endpoint));
  });
  after(async () => {
    kms.destroy();
    dynamodb.destroy();
    rmSync(environmentFile(root, STACK), { force: true });
    await environment.dispose();
  });

  async function doctor(...args: readonly string[]): Promise<DoctorDocument> {
    const { exitCode, stdout, stderr } = await environment.rollout("doctor", "--json", ...args);
    expect(stderr).to.equal("");
    const document = JSON.parse(stdout) as DoctorDocument;
    expect(document.exitCode).to.equal(exitCode);
    return document;
  }

  /** Findings as `check severity message`, with the exit code before them. */
  async function printed(): Promise<readonly (string | number)[]> {
    const { exitCode, findings } = await doctor();
    return [exitCode, ...findings.map(({ check, severity, message }) => `${check} ${severity}: ${message}`)];
  }

  const fileOf = (layer: LayerName) => join(root, layerByName(layer).directory, `Pulumi.${STACK}.yaml`);

  it("reports success without problems", async () => {
    expect(await doctor()).to.deep.equal({ schemaVersion: 1, stack: STACK, findings: [], notLooked: [], exitCode: 0 });
    const { exitCode, stdout } = await environment.rollout("doctor");
    expect(exitCode).to.equal(0);
    for (const check of [
      "tools",
      "credentials",
      "state",
      "secrets",
      "settings",
      "sharing",
      "domains",
      "contracts",
      "operations",
    ]) {
      expect(stdout).to.contain(`✔ ${check}: passed`);
    }
    expect(stdout.trim().split("\n").at(-1)).to.equal("0 errors, 0 warnings");
  });

  it("finds credentials of another account, and reports the checks that it skipped", async () => {
    writeEnvironmentFile(root, STACK, {
      stateUrl: formatStateUrl(localEnvironment.state),
      secretsProvider: localEnvironment.secretsProvider,
      account: "123456789012",
      region: "us-east-1",
    });
    try {
      const { findings, notLooked, exitCode } = await doctor();
      expect(findings.map(({ message }) => message)).to.have.length(1);
      expect(findings[0]).to.include({ check: "credentials", severity: "error" });
      expect(findings[0]?.message).to.contain(`of account 000000000000, but ${STACK} is in 123456789012`);
      expect(notLooked.map(({ check }) => check)).to.deep.equal(["state", "sharing", "contracts", "operations"]);
      expect(exitCode).to.equal(3);
    } finally {
      rmSync(environmentFile(root, STACK));
    }
  });

  it("finds missing credentials", async () => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const { exitCode, stdout } = await environment.rolloutWith(none, "doctor");
    expect(exitCode).to.equal(3);
    expect(stdout).to.contain("There are no AWS credentials").and.to.contain("aws sso login");
    expect(stdout).to.contain("- state: not checked").and.to.contain("- secrets: not checked");
    expect(stdout).to.contain("1 error, 0 warnings");
    // Commands without checks print the same fault, not the SDK's stack trace.
    const status = await environment.rolloutWith(none, "status");
    expect(status.exitCode).to.equal(3);
    expect(status.stderr).to.contain("There are no AWS credentials").and.to.contain("aws sso login");
    expect(status.stderr).not.to.match(/^\s+at /m);
  });

  it("finds a bucket without versioning", async () => {
    const versioning = (Status: "Enabled" | "Suspended") =>
      environment.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
    await versioning("Suspended");
    try {
      expect(await printed()).to.deep.equal([
        3,
        `state error: The state's bucket ${bucket} does not keep old versions of the states.`,
      ]);
    } finally {
      await versioning("Enabled");
    }
  });

  it("finds a missing lock table", async () => {
    await dynamodb.send(new UpdateTableCommand({ TableName: lockTable, DeletionProtectionEnabled: false }));
    expect(await printed()).to.deep.equal([
      0,
      `state warning: The lock table ${lockTable} is not as it should be; the set-up would protect it from deletion.`,
    ]);
    await dynamodb.send(new DeleteTableCommand({ TableName: lockTable }));
    try {
      expect(await printed()).to.deep.equal([3, `state error: The lock table ${lockTable} does not exist.`]);
    } finally {
      await ensureStateBackend({ s3: environment.s3, dynamodb, kms }, localEnvironment);
    }
  });

  it("reports a disabled key once for all layers", async () => {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: localEnvironment.keyAlias }));
    await kms.send(new DisableKeyCommand({ KeyId: key?.KeyId }));
    try {
      const { findings } = await doctor();
      expect(findings.map(({ message }) => message)).to.have.length(1);
      expect(findings[0]).to.include({ check: "secrets", severity: "error" });
      expect(findings[0]?.message).to.match(/^The secrets of network, data, secrets and services cannot be read: \w+/);
      expect(findings[0]?.fix).to.contain(localEnvironment.keyAlias);
    } finally {
      await kms.send(new EnableKeyCommand({ KeyId: key?.KeyId }));
    }
  });

  it("finds another secrets provider, an undecryptable secret and an invalid secret without showing them", async () => {
    const [data, secrets] = [readFileSync(fileOf("data"), "utf8"), readFileSync(fileOf("secrets"), "utf8")];
    try {
      writeFileSync(fileOf("data"), data.replace(/secretsprovider: .*/, "secretsprovider: awskms://alias/other"));
      const foreign = /proliferate-secrets:anthropicApiKey:\n\s+secure: (\S+)/.exec(secrets)?.[1] ?? "";
      const damaged = foreign.replace(/.{8}$/, "AAAAAAA=");
      environment.configureSecret("secrets", "proliferate-secrets:githubAppPrivateKey", "bad-value-canary");
      writeFileSync(fileOf("secrets"), readFileSync(fileOf("secrets"), "utf8").replace(foreign, damaged));
      const { stdout, exitCode } = await environment.rollout("doctor");
      expect(exitCode).to.equal(3);
      expect(stdout).to.contain("The secrets of data have the provider awskms://alias/other");
      expect(stdout).to.contain("pulumi stack change-secrets-provider");
      expect(stdout).to.contain("proliferate-secrets:anthropicApiKey cannot be decrypted");
      expect(stdout).to.contain("proliferate-secrets:githubAppPrivateKey has a value that is not allowed");
      expect(stdout).to.contain("3 errors, 0 warnings");
      expect(stdout).not.to.contain("canary");
    } finally {
      writeFileSync(fileOf("data"), data);
      writeFileSync(fileOf("secrets"), secrets);
    }
  });

  it("finds an interrupted operation, with the command that completes it", async () => {
    const before = await environment.stateOf("data");
    const document = JSON.parse(before) as { checkpoint: { latest?: object } };
    const urn = "urn:pulumi:x::proliferate-data::aws:rds/instance:Instance::db";
    const pending = [{ type: "creating", resource: { urn, custom: true, type: "aws:rds/instance:Instance" } }];
    document.checkpoint.latest = { ...document.checkpoint.latest, pending_operations: pending };
    await environment.replaceState("data", JSON.stringify(document));
    try {
      const { findings, exitCode } = await doctor();
      expect(exitCode).to.equal(0);
      expect(findings.map(({ check, severity }) => [check, severity])).to.deep.equal([["operations", "warning"]]);
      expect(findings[0]?.message).to.contain(`creating ${urn}`);
      expect(findings[0]?.fix).to.contain("--only data");
    } finally {
      await environment.replaceState("data", before);
    }
  });

  it("finds a layer whose upstream is not deployed", async () => {
    const { findings, exitCode } = await doctor("--only", "secrets");
    expect(exitCode).to.equal(3);
    expect(findings.map(({ check, message }) => `${check}: ${message}`)).to.deep.equal([
      "contracts: data is not deployed, but secrets would be built on it.",
    ]);
  });
});
