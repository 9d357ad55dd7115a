/** A secret gets a new value, and everything that reads it is deployed; then the secrets' names are free again. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { using } from "./emulator-client.ts";
import { expectRulesKept } from "./kept-rules.ts";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const STACK = "dev-rotate";
const OLD = "anthropic-canary-old";
const NEW = "anthropic-canary-new";
const TOKENS = { old: "redis0token0canary0old", new: "redis0token0canary0new" };

const settings: SampleChanges = {
  ...smallEnvironment,
  anthropicApiKey: OLD,
  redisReplicationEnabled: "true",
  redisTransitEncryption: "true",
  redisAuthToken: TOKENS.old,
  gatewayImageTag: "v1",
  workerImageTag: "v1",
};

describe("rotation of secrets on the engine", function () {
  this.timeout(20 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let folder: string;
  let valueFile: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "proliferate-value-"));
    valueFile = join(folder, "value");
    environment = await EngineEnvironment.start(STACK, settings);
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    rmSync(join(root, "environments", `${STACK}.before-rotation.yaml`), { force: true });
    await environment.dispose();
  });

  /** Version of the secret that the worker's only running task definition names. */
  const versionOfTask = () =>
    using(ECSClient, environment, async (ecs) => {
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster: "other", services: ["other-worker"] }),
      );
      const deployments = services.flatMap(({ deployments: all = [] }) => all);
      expect(deployments.map(({ status, runningCount }) => [status, runningCount])).to.deep.equal([["PRIMARY", 1]]);
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: deployments[0]?.taskDefinition }),
      );
      const secrets = taskDefinition?.containerDefinitions?.[0]?.secrets ?? [];
      const versions = new Set(secrets.map(({ valueFrom = "" }) => valueFrom.split(":").at(-1)));
      expect([...versions]).to.have.length(1);
      return [...versions].join();
    });
  const valueOfVersion = (VersionId: string) =>
    using(SecretsManagerClient, environment, async (secretsManager) => {
      const { SecretString } = await secretsManager.send(
        new GetSecretValueCommand({ SecretId: "other-worker", VersionId }),
      );
      return (JSON.parse(SecretString ?? "{}") as Record<string, string>).ANTHROPIC_API_KEY;
    });
  const lastOutput = () => environment.printed.slice(-2).join("\n");

  it("is refused when data would be lost, or the secret has no value", async () => {
    const lossy = await environment.rollout("rotate", "userSecretsEncryptionKey", "--generate", "--yes");
    expect(lossy.exitCode).to.equal(3);
    expect(lossy.stderr).to.contain("userSecretsEncryptionKey").and.contain("--accept unreadable-user-secrets");
    writeFileSync(valueFile, "{}");
    const unset = await environment.rollout("rotate", "extraSecrets", "--file", valueFile, "--yes");
    expect(unset.exitCode).to.equal(3);
    expect(unset.stderr).to.contain("configure.sh set --stack dev-rotate --secret extraSecrets");
  });

  it("fails when a name is in use, and says how to free it", async () => {
    const taken = { Name: "other-worker", SecretString: "somebody else's" };
    await using(SecretsManagerClient, environment, (client) => client.send(new CreateSecretCommand(taken)));
    const { exitCode, layers } = await environment.report("up");
    expect(exitCode).to.equal(1);
    const reason = layers.find(({ layer }) => layer === "secrets")?.reason;
    expect(reason).to.contain("aws secretsmanager delete-secret --secret-id other-worker --force-delete");
    await using(SecretsManagerClient, environment, (client) =>
      client.send(new DeleteSecretCommand({ SecretId: taken.Name, ForceDeleteWithoutRecovery: true })),
    );
  });

  it("creates new task definitions with the new version", async () => {
    const deployed = await environment.report("up");
    expect(deployed.exitCode, lastOutput()).to.equal(0);
    const before = await versionOfTask();
    expect(await valueOfVersion(before)).to.equal(OLD);

    writeFileSync(valueFile, `${NEW}\n`);
    const { exitCode, stderr } = await environment.rollout("rotate", "anthropicApiKey", "--file", valueFile, "--yes");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain("Rotated: anthropicApiKey.");
    const after = await versionOfTask();
    expect(after).not.to.equal(before);
    expect(await valueOfVersion(after)).to.equal(NEW);
    // Tasks that still run with the old version can be started again until the deployment ends.
    expect(await valueOfVersion(before)).to.equal(OLD);
  });

  it("can be undone", async () => {
    const { exitCode, stderr } = await environment.rollout("rotate", "--back", "--yes");
    expect(exitCode, stderr).to.equal(0);
    expect(await valueOfVersion(await versionOfTask())).to.equal(OLD);
  });

  it("sets both Redis tokens during the rotation, and only the new one at the end", async () => {
    writeFileSync(valueFile, TOKENS.new);
    const { exitCode, stderr } = await environment.rollout("rotate", "redisAuthToken", "--file", valueFile, "--yes");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain("Removing the old one from Redis");
    expect(await environment.stateOf("data")).to.contain('"authTokenUpdateStrategy":"SET"');
    const report = await environment.report("preview", "--expect-no-changes");
    expect(report.exitCode, lastOutput()).to.equal(0);
  });

  it("prints the status when it stops, and goes back with one command", async () => {
    // A variable that the layer sets itself, which it refuses when the values are written already.
    writeFileSync(valueFile, JSON.stringify({ ANTHROPIC_API_KEY: "clash-canary" }));
    environment.configureSecret("secrets", "proliferate-secrets:extraSecrets", "{}");
    const failed = await environment.rollout("rotate", "extraSecrets", "--file", valueFile, "--yes");
    expect(failed.exitCode, failed.stderr).to.equal(1);
    expect(failed.stderr).to.contain("secrets: failed; it has the new values or the old ones");
    expect(failed.stderr).to.contain("services: has the old values");
    expect(failed.stderr).not.to.contain("clash-canary");
    const back = await environment.rollout("rotate", "--back", "--yes");
    expect(back.exitCode, back.stderr).to.equal(0);
  });

  it("follows every rule of the policy pack", () => expectRulesKept(environment));

  it("leaves no readable value, old or new, in states, settings and output", async () => {
    const states = await environment.stateObjects();
    const places = [...states.values(), ...environment.configurationFiles(), ...environment.printed];
    for (const value of [OLD, NEW, ...Object.values(TOKENS), "clash-canary"]) {
      expect(places.filter((text) => text.includes(value))).to.deep.equal([]);
    }
  });

  it("frees the secrets' names at once when protection is off", async () => {
    const destroyed = await environment.report("destroy", "--only", "services,secrets", "--confirm", STACK);
    expect(destroyed.exitCode, lastOutput()).to.equal(0);
    const created = await environment.report("up", "--from", "secrets");
    expect(created.exitCode, lastOutput()).to.equal(0);
    expect(await valueOfVersion(await versionOfTask())).to.equal(OLD);
    const { DeletedDate } = await using(SecretsManagerClient, environment, (secretsManager) =>
      secretsManager.send(new DescribeSecretCommand({ SecretId: "other-worker" })),
    );
    expect(DeletedDate).to.equal(undefined);
  });
});
