/** From no image to the first release, then forward, wrong, and back: the life of an environment's images. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { execa } from "execa";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
} from "@aws-sdk/client-ecs";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { databaseOverride, smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { using } from "./emulator-client.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const STACK = "dev-release";

/** What a registry stores of an image; the layers do not matter here. */
const manifest = (name: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", size: 2, digest: `sha256:${"0".repeat(64)}` },
    layers: [],
    annotations: { name },
  });

describe("images and releases on the engine", function () {
  this.timeout(20 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "proliferate-push-"));
    environment = await EngineEnvironment.start(STACK, smallEnvironment);
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await environment.dispose();
  });

  const push = (service: string, imageTag: string) =>
    using(ECRClient, environment, async (ecr) => {
      const imageManifest = manifest(`${service} ${imageTag}`);
      const { image } = await ecr.send(
        new PutImageCommand({ repositoryName: `other-${service}`, imageTag, imageManifest }),
      );
      return image?.imageId?.imageDigest ?? "";
    });
  /** Image and number of tasks of a service; undefined when there is no such service. */
  const running = (service: string) =>
    using(ECSClient, environment, async (ecs) => {
      const described = await ecs.send(
        new DescribeServicesCommand({ cluster: "other", services: [`other-${service}`] }),
      );
      const [found] = (described.services ?? []).filter(({ status }) => status === "ACTIVE");
      if (found === undefined) {
        return undefined;
      }
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: found.taskDefinition }),
      );
      const image = taskDefinition?.containerDefinitions?.[0]?.image?.split("/").at(-1);
      return { image, tasks: found.runningCount };
    });
  const settings = () => readFileSync(join(root, `stacks/services/Pulumi.${STACK}.yaml`), "utf8");
  const release = (...args: readonly string[]) => environment.rollout("release", ...args);

  it("cannot release where nothing is deployed", async () => {
    const { exitCode, stderr } = await release("gateway=v1", "--yes");
    expect([exitCode, stderr]).to.deep.equal([
      3,
      `services is not deployed in ${STACK} yet: scripts/deploy-all.sh --stack ${STACK}`,
    ]);
  });

  it("starts with services at zero tasks", async () => {
    const { exitCode } = await environment.report("up");
    expect(exitCode).to.equal(0);
    expect(await running("gateway")).to.equal(undefined);
    expect((await running("gateway-idle"))?.tasks).to.equal(0);
  });

  it("pushes an image with its own login, once per tag", async () => {
    const log = join(folder, "log");
    symlinkSync(join(root, "testing/src/fake-docker.mjs"), join(folder, "docker"));
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
    const variables = { PATH: `${folder}:${String(environment.env.PATH)}`, FAKE_DOCKER_LOG: log };
    const pushImage = () => environment.rolloutWith(variables, "push-image", "worker", folder, "--tag", "pushed");
    const { exitCode, stdout, stderr } = await pushImage();
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.match(/^worker pushed sha256:[0-9a-f]{64}$/);
    const calls = readFileSync(log, "utf8").trimEnd().split("\n");
    const called = calls.map((line) => JSON.parse(line) as { args: string[]; login?: string; DOCKER_HOST?: string });
    const [, build, , push] = called;
    expect(called.map(({ args }) => args.find((arg) => /^[a-z]+$/.test(arg)) ?? args[0])).to.deep.equal([
      ...["--version", "build", "context", "push"],
    ]);
    expect(build?.args).to.include.members(["--platform", "linux/amd64", folder]);
    const { auths } = JSON.parse(push?.login ?? "{}") as { auths: Record<string, { auth: string }> };
    const [registry = ""] = Object.keys(auths);
    const auth = String(auths[registry]?.auth);
    expect(push?.args.at(-1)).to.equal(`${registry}/other-worker:pushed`);
    expect(Buffer.from(auth, "base64").toString()).to.match(/^AWS:/);
    expect(push?.DOCKER_HOST).to.equal("unix:///fake.sock");
    expect(JSON.stringify(called.map(({ args }) => args)) + stdout + stderr).not.to.contain(auth);
    expect(existsSync(push?.args[1] ?? folder), "the login is gone").to.equal(false);

    const again = await pushImage();
    expect(again.exitCode).to.equal(3);
    expect(again.stderr).to.contain("other-worker has the tag pushed already (sha256:");
    expect(readFileSync(log, "utf8").match(/"build"/g), "is not built again").to.have.length(1);
  });

  it("removes the login when a push is interrupted, and pushes no image for another processor", async () => {
    const log = join(folder, "interrupted");
    const variables = {
      PATH: `${folder}:${String(environment.env.PATH)}`,
      FAKE_DOCKER_LOG: log,
      FAKE_DOCKER_HANGS: "1",
    };
    const env = { ...environment.env, ...variables };
    const command = ["push-image", "--stack", STACK, "worker", folder, "--tag", "interrupted"];
    const pushing = execa(join(root, "orchestrator/src/cli.ts"), command, {
      cwd: root,
      env,
      extendEnv: false,
      reject: false,
    });
    while (!existsSync(log) || !readFileSync(log, "utf8").includes('"push"')) {
      await setTimeout(50);
    }
    pushing.kill("SIGTERM");
    const { exitCode, stderr } = await pushing;
    expect(exitCode, stderr).to.equal(5);
    const [last = ""] = readFileSync(log, "utf8").trimEnd().split("\n").reverse();
    const { args } = JSON.parse(last) as { args: string[] };
    expect(existsSync(String(args[1])), "the login is gone").to.equal(false);

    const arm = { ...variables, FAKE_DOCKER_PLATFORM: "linux/arm64" };
    const refused = await environment.rolloutWith(arm, "push-image", "worker", "worker:dev", "--tag", "arm");
    expect(refused.exitCode).to.equal(3);
    expect(refused.stderr).to.contain("worker:dev is built for linux/arm64; tasks run on linux/amd64.");
  });

  it("refuses missing images before any change", async () => {
    await push("gateway", "v0");
    const before = settings();
    const { exitCode, stderr } = await release("gateway=v1", "worker=v1", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("gateway has no image v1 in other-gateway; its newest tags are v0.");
    expect(stderr).to.contain("worker has no image v1 in other-worker; its newest tags are pushed.");
    expect(stderr).to.contain(`scripts/push-image.sh worker <folder of the worker> --stack ${STACK}`);
    expect(settings()).to.equal(before);
  });

  it("prints what runs after a failed release, and continues when the problem is fixed", async () => {
    await push("gateway", "v1");
    await push("worker", "v1");
    expect((await release("gateway=v1", "--yes")).exitCode).to.equal(0);
    const taken = { cluster: "other", serviceName: "other-worker", taskDefinition: "other-worker", desiredCount: 0 };
    await using(ECSClient, environment, (ecs) => ecs.send(new CreateServiceCommand(taken)));
    const failed = await release("worker=v1", "--yes");
    expect(failed.exitCode, failed.stderr).to.equal(1);
    expect(failed.stderr).to.match(/other-gateway: v1 \(other-gateway:\d+\), 1 of 1 tasks/);
    expect(failed.stderr).to.contain(`scripts/release.sh --stack ${STACK} --rollback`);
    await using(ECSClient, environment, (ecs) =>
      ecs.send(new DeleteServiceCommand({ cluster: "other", service: "other-worker", force: true })),
    );
    expect((await release("worker=v1", "--yes")).exitCode).to.equal(0);
    expect(await running("gateway")).to.deep.equal({ image: "other-gateway:v1", tasks: 1 });
    expect(await running("worker")).to.deep.equal({ image: "other-worker:v1", tasks: 1 });
    expect(await running("gateway-idle")).to.equal(undefined);
  });

  it("releases one service by digest, and changes only services", async () => {
    const digest = await push("gateway", "v2");
    const { stdout, stderr, exitCode } = await release(`gateway=${digest}`, "--yes", "--json");
    expect(exitCode, stderr).to.equal(0);
    const layers = (JSON.parse(stdout) as { layers: { layer: string }[] }).layers.map(({ layer }) => layer);
    expect(layers).to.deep.equal(["services"]);
    expect(await running("gateway")).to.deep.equal({ image: `other-gateway@${digest}`, tasks: 1 });
    expect(await running("worker")).to.deep.equal({ image: "other-worker:v1", tasks: 1 });
  });

  it("rolls back to the previous images, in AWS and in the settings, after a failed update of an upstream", async () => {
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", "not-a-url");
    expect((await environment.pulumi("data", "up", "--yes", "--skip-preview")).exitCode).not.to.equal(0);
    environment.configureSecret("data", "proliferate-data:databaseUrlOverride", databaseOverride);
    const { exitCode, stderr } = await release("--rollback", "--yes");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain("last update of data ended as failed");
    expect(await running("gateway")).to.deep.equal({ image: "other-gateway:v1", tasks: 1 });
    expect(settings()).to.match(/gatewayImageTag: v1\n/);
    const { stdout } = await environment.pulumi("services", "stack", "output", "gatewayImageTag");
    expect(stdout).to.equal("v1");
  });
});
