/** The main job: four layers on the real engine, deployed, changed, broken and destroyed. */
import { expect } from "chai";
import { z } from "zod";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { parseState } from "@proliferate-infra/backend/pulumi-files/state";
import { ACCOUNT } from "@proliferate-infra/backend/environment/local-names";
import { layerNames } from "@proliferate-infra/shared/layers";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { checkDataOnAws, checkNetworkOnAws, checkSecretsOnAws, checkServicesOnAws, taskImages } from "./on-aws.ts";
import { findTypes } from "./findable.ts";
import { leftOnAws } from "./left-on-aws.ts";
import { expectRulesKept } from "./kept-rules.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;

const settings: SampleChanges = {
  enableFlowLogs: "true",
  alarmTopicArn: "arn:aws:sns:us-east-1:000000000000:alarms",
  redisReplicationEnabled: "true",
  createS3Bucket: "true",
  extraTags: '{"CostCenter":"42"}',
  permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
  s3Bucket: undefined,
  gatewayExtraEnvironment: '{"OTEL_SERVICE_NAME":"gateway"}',
  gatewayMaxCount: "1",
  llmProxyMaxCount: "1",
  workerMaxCount: "1",
};

/** What the tests read of a layer's state. */
const stateSchema = z.object({
  checkpoint: z.object({
    latest: z.object({
      resources: z.array(
        z.object({
          urn: z.string(),
          type: z.string(),
          outputs: z
            .object({
              tagsAll: z.record(z.string(), z.string()).optional(),
              permissionsBoundary: z.string().optional(),
            })
            .optional(),
        }),
      ),
    }),
  }),
});

const statuses = ({ layers }: RolloutReport) => Object.fromEntries(layers.map(({ layer, status }) => [layer, status]));
const changesOf = ({ layers }: RolloutReport) =>
  layers.map(({ changes }) => changes.create + changes.update + changes.replace + changes.delete);

describe("four layers on the engine", function () {
  this.timeout(20 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  before(async () => {
    environment = await EngineEnvironment.start("dev-engine", settings);
  });
  after(() => environment.dispose());

  it("are deployed in order by one command", async () => {
    const report = await environment.report("up", "--no-pipelined");
    expect(statuses(report), environment.printed.join("\n")).to.deep.equal({
      network: "succeeded",
      data: "succeeded",
      secrets: "succeeded",
      services: "succeeded",
    });
    expect(report.exitCode).to.equal(0);
    expect(JSON.stringify(report.layers.find(({ layer }) => layer === "data")?.outputs)).not.to.contain("databaseUrl");
  });

  it("have the specified AWS resources: network", () => checkNetworkOnAws(environment));
  it("have the specified AWS resources: data", () => checkDataOnAws(environment));
  it("have the specified AWS resources: secrets", () => checkSecretsOnAws(environment));
  it("have the specified AWS resources: services", () => checkServicesOnAws(environment));

  it("have the organization's tags on every resource and its boundary on every role", async () => {
    for (const layer of layerNames) {
      const resources = stateSchema.parse(JSON.parse(await environment.stateOf(layer))).checkpoint.latest.resources;
      const taggable = resources.filter(({ outputs }) => outputs?.tagsAll !== undefined);
      expect(taggable.length, layer).to.be.greaterThan(1);
      for (const { urn, outputs } of taggable) {
        expect(outputs?.tagsAll, urn).to.include({ CostCenter: "42" });
      }
      for (const { urn, outputs } of resources.filter(({ type }) => type === "aws:iam/role:Role")) {
        expect(outputs?.permissionsBoundary, urn).to.equal(settings.permissionsBoundaryArn);
      }
    }
  });

  it("follow every rule of the policy pack", () => expectRulesKept(environment));

  it("have resources that are found at AWS by what they were created with", async () => {
    expect(await findTypes(environment)).to.include.members([
      "aws:ec2/natGateway:NatGateway",
      "aws:ec2/route:Route",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:rds/instance:Instance",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:lb/listener:Listener",
      "aws:ecs/service:Service",
      "aws:secretsmanager/secret:Secret",
    ]);
  });

  it("do not change when they are deployed again", async () => {
    const report = await environment.report("up");
    expect(changesOf(report), environment.printed.at(-1)).to.deep.equal([0, 0, 0, 0]);
    expect(new Set(Object.values(statuses(report)))).to.deep.equal(new Set(["unchanged"]));
    const forced = await environment.report("up", "--force");
    expect(changesOf(forced), environment.printed.at(-1)).to.deep.equal([0, 0, 0, 0]);
  });

  it("print outputs by layer with masked secrets", async () => {
    const { stdout } = await environment.pulumi("data", "stack", "output", "--json");
    const outputs = JSON.parse(stdout) as Record<string, unknown>;
    expect(outputs).to.include({ databaseUrl: "[secret]", redisPort: 6379 });
    const all = await environment.rollout("outputs", "--json");
    expect(all.stdout).to.contain("gatewayUrl").and.not.to.contain("databaseUrl");
  });

  it("do not change with an application-only change, except for the task definition", async () => {
    const others = layerNames.filter((layer) => layer !== "services");
    const states = () => Promise.all(others.map((layer) => environment.stateOf(layer)));
    const before = await states();
    environment.configure("services", "proliferate-services:gatewayImageTag", "v1");
    const first = await environment.pulumi("services", "up", "--yes", "--skip-preview");
    expect(first.exitCode, first.stdout + first.stderr).to.equal(0);
    environment.configure("services", "proliferate-services:gatewayImageTag", "v2");
    const second = await environment.pulumi("services", "up", "--yes", "--skip-preview");
    expect(second.exitCode, second.stdout + second.stderr).to.equal(0);
    const images = await taskImages(environment, "gateway");
    expect(images.at(-1)).to.match(/proliferate-gateway:v2$/);
    expect(images.at(-2)).to.match(/proliferate-gateway:v1$/);
    expect(await states()).to.deep.equal(before);
  });

  it("are not deployed one by one with another port than that of the layers before", async () => {
    const port = "proliferate-services:gatewayPort";
    const { exitCode, stdout } = await environment.pulumi("network", "stack", "output", "commonSettings");
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ gatewayPort: "8787", resourcePrefix: "proliferate" });
    // A refused update writes the state again, with the same content and another time.
    const deployed = async () => {
      const { resources, outputs } = parseState(await environment.stateOf("services"), "");
      return { resources, outputs, images: await taskImages(environment, "gateway") };
    };
    const before = await deployed();
    environment.configure("services", port, "9000");
    const alone = await environment.pulumi("services", "up", "--yes", "--skip-preview");
    expect(alone.exitCode).not.to.equal(0);
    expect(alone.stdout + alone.stderr)
      .to.contain(`${port} is 9000`)
      .and.contain("network was deployed with proliferate-network:gatewayPort 8787")
      .and.contain(`pulumi config set ${port} 8787 --stack dev-engine --cwd stacks/services`);
    const rollout = await environment.rollout("up", "--yes", "--only", "services");
    expect([rollout.exitCode, rollout.stdout]).to.deep.equal([3, ""]);
    expect(rollout.stderr).to.contain(`${port} is 9000`);
    expect(await deployed()).to.deep.equal(before);
    environment.configure("services", port, "8787");
    const report = await environment.report("up");
    expect(changesOf(report), environment.printed.at(-1)).to.deep.equal([0, 0, 0, 0]);
  });

  it("refuse invalid settings of all layers together, before any change", async () => {
    const before = await environment.stateOf("network");
    environment.configure("network", "proliferate-network:natGateways", "three");
    environment.configure("services", "proliferate-services:gatewayMemory", "100");
    environment.configure("secrets", "aws:profile", "prod");
    const { exitCode, stderr, stdout } = await environment.rollout("up", "--yes", "--json");
    expect(exitCode).to.equal(3);
    expect(stdout).to.equal("");
    expect(stderr).to.contain("proliferate-network:natGateways").and.to.contain("proliferate-services:gatewayMemory");
    expect(stderr).to.contain("aws:profile").and.to.contain("AWS_PROFILE");
    expect(stderr).to.contain(
      "pulumi config set proliferate-network:natGateways <value> --stack dev-engine --cwd stacks/network",
    );
    expect(await environment.stateOf("network")).to.equal(before);
    environment.configure("network", "proliferate-network:natGateways", "single");
    environment.configure("services", "proliferate-services:gatewayMemory", "1024");
    environment.configure("secrets", "aws:profile", undefined);
  });

  it("refuse an account that aws:allowedAccountIds does not have, with and without the rollout", async () => {
    environment.configure("network", "aws:allowedAccountIds", '["999999999999"]');
    const { exitCode, stderr } = await environment.rollout("up", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("aws:allowedAccountIds").and.to.contain("999999999999");
    const alone = await environment.pulumi("network", "preview");
    expect(alone.exitCode).not.to.equal(0);
    expect(alone.stdout + alone.stderr).to.match(/account ID not allowed/i);
    environment.configure("network", "aws:allowedAccountIds", undefined);
  });

  it("block layers that need a failed layer, and do not change its upstreams", async () => {
    const good = sampleValues.dbPassword ?? "";
    environment.configureSecret("data", "proliferate-data:dbPassword", "another-one_canary");
    const services = await environment.stateOf("services");
    const unlock = await environment.lockStack("data");
    const report = await environment.report("up");
    expect(statuses(report)).to.deep.equal({
      network: "unchanged",
      data: "failed",
      secrets: "blocked",
      services: "blocked",
    });
    expect(report.exitCode).to.equal(1);
    const [, data, secrets] = report.layers;
    expect(data?.reason).to.contain("pulumi cancel");
    expect(secrets?.cause).to.equal("data");
    expect(await environment.stateOf("services")).to.equal(services);
    await unlock();
    environment.configureSecret("data", "proliferate-data:dbPassword", good);
  });

  it("keep every secret out of states, history, output and files", async () => {
    const keys = layerNames.flatMap((layer) => keysOf(layer)).filter((key) => settingOf(key).secret);
    const canaries = keys.flatMap((key) => (sampleValues[key] === undefined ? [] : [sampleValues[key]]));
    expect(canaries.length).to.be.greaterThan(10);
    const objects = await environment.stateObjects();
    expect(objects.size).to.be.greaterThan(10);
    const places = new Map([
      ...objects,
      ...environment.printed.map((text, index) => [`output ${index}`, text] as const),
      ...environment.configurationFiles().map((text, index) => [`configuration ${index}`, text] as const),
    ]);
    const forms = (canary: string) => [
      canary,
      JSON.stringify(canary).slice(1, -1),
      encodeURIComponent(canary),
      Buffer.from(canary).toString("base64"),
    ];
    for (const [place, text] of places) {
      for (const form of canaries.flatMap(forms)) {
        expect(text.includes(form), `a secret is readable in ${place}`).to.equal(false);
      }
    }
  });

  it("are not destroyed without the stack's name", async () => {
    const { exitCode, stderr } = await environment.rollout("destroy", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("--confirm dev-engine");
    const partly = await environment.rollout("destroy", "--yes", "--confirm", "dev-engine", "--only", "network");
    expect(partly.exitCode).to.equal(3);
    expect(partly.stderr).to.contain("network is still used by");
  });

  it("are destroyed in reverse order; a second destroy does nothing", async () => {
    const report = await environment.report("destroy", "--confirm", "dev-engine");
    expect(report.layers.map(({ layer, status, reason }) => [layer, status, reason])).to.deep.equal(
      [...layerNames].reverse().map((layer) => [layer, "succeeded", undefined]),
    );
    expect(await leftOnAws(environment)).to.deep.equal([]);
    const again = await environment.report("destroy", "--confirm", "dev-engine");
    expect(new Set(Object.values(statuses(again)))).to.deep.equal(new Set(["unchanged"]));
  });
});
