import { expect } from "chai";
import { valueOf } from "@proliferate-infra/testing/recording-mocks";
import { capturedRejections } from "@proliferate-infra/testing/captured-rejections";
import { allImages, containerOf, logicalNames, recordServices, types, withoutLlmProxy } from "./recorded-layer.ts";

describe("Fargate services", () => {
  const sizes: readonly [string, string, string, string, string][] = [
    ["gateway", "512", "1024", "sg-0002", "object-store-task"],
    ["llm-proxy", "512", "1024", "sg-0004", "task"],
    ["worker", "256", "512", "sg-0005", "object-store-task"],
  ];
  for (const [service, cpu, memory, securityGroup, role] of sizes) {
    it(`run the ${service} privately, with ${cpu}/${memory}`, async () => {
      const { recording } = await recordServices(allImages);
      expect(recording.only(types.taskDefinition, `${service}-task-definition`).inputs).to.deep.include({
        family: `proliferate-${service}`,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu,
        memory,
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
        executionRoleArn: "arn:aws:iam:us-east-1:123456789012:proliferate-execution",
        taskRoleArn: `arn:aws:iam:us-east-1:123456789012:proliferate-${role}`,
      });
      const { inputs } = recording.only(types.service, `${service}-service`);
      expect(inputs).to.deep.include({
        name: `proliferate-${service}`,
        cluster: "arn:aws:ecs:us-east-1:123456789012:cluster",
        taskDefinition: `arn:aws:ecs:us-east-1:123456789012:${service}-task-definition`,
        desiredCount: 1,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
        platformVersion: "LATEST",
        networkConfiguration: {
          subnets: ["subnet-0b1", "subnet-0b2"],
          securityGroups: [securityGroup],
          assignPublicIp: false,
        },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
        enableExecuteCommand: false,
        waitForSteadyState: true,
      });
      expect(inputs).not.to.have.property("launchType");
    });
  }

  it("have the configured size and number", async () => {
    const { recording } = await recordServices({
      ...allImages,
      workerCpu: "1024",
      workerMemory: "4096",
      gatewayDesiredCount: "3",
    });
    expect(recording.only(types.taskDefinition, "worker-task-definition").inputs).to.include({
      cpu: "1024",
      memory: "4096",
    });
    expect(recording.only(types.service, "gateway-service").inputs.desiredCount).to.equal(3);
  });

  const behind: readonly [string, string, number, number][] = [
    ["gateway", "proliferate-gateway-tg", 8787, 120],
    ["llm-proxy", "proliferate-llm-proxy-tg", 4000, 180],
  ];
  for (const [service, targetGroup, port, grace] of behind) {
    it(`put the ${service} behind its load balancer, with ${grace} seconds to start`, async () => {
      const { recording } = await recordServices(allImages);
      const { inputs } = recording.only(types.service, `${service}-service`);
      expect(inputs.loadBalancers).to.deep.equal([
        {
          targetGroupArn: `arn:aws:lb:us-east-1:123456789012:${targetGroup}`,
          containerName: service,
          containerPort: port,
        },
      ]);
      expect(inputs.healthCheckGracePeriodSeconds).to.equal(grace);
      expect(containerOf(recording, service).portMappings).to.deep.equal([
        { containerPort: port, hostPort: port, protocol: "tcp" },
      ]);
    });
  }

  it("do not put the worker behind a load balancer", async () => {
    const { recording } = await recordServices(allImages);
    expect(recording.only(types.service, "worker-service").inputs).not.to.have.any.keys(
      "loadBalancers",
      "healthCheckGracePeriodSeconds",
    );
    expect(containerOf(recording, "worker").portMappings).to.deep.equal([]);
  });

  it("check each container's health at its own port and path", async () => {
    const { recording } = await recordServices({ ...allImages, workerPort: "9001" });
    const { healthCheck: worker } = containerOf(recording, "worker");
    expect(worker.command.slice(0, 3)).to.deep.equal(["CMD", "node", "-e"]);
    expect(worker.command[3]).to.contain('fetch("http://127.0.0.1:9001/health")');
    expect(worker.startPeriod).to.equal(60);
    const { healthCheck: gateway } = containerOf(recording, "gateway");
    expect(gateway.command.slice(0, 3)).to.deep.equal(["CMD", "node", "-e"]);
    expect(gateway.command[3]).to.contain('fetch("http://127.0.0.1:8787/health")');
    expect(gateway.startPeriod).to.equal(60);
    const { healthCheck: llmProxy } = containerOf(recording, "llm-proxy");
    expect(llmProxy.command.slice(0, 3)).to.deep.equal(["CMD", "python3", "-c"]);
    expect(llmProxy.command[3]).to.contain("http://127.0.0.1:4000/health/liveliness");
    expect(llmProxy.startPeriod).to.equal(120);
  });

  it("read single keys of their own secret, pinned to its version", async () => {
    const { recording } = await recordServices(allImages);
    for (const [service, version] of [
      ["gateway", "version-g"],
      ["llm-proxy", "version-l"],
      ["worker", "version-w"],
    ] as const) {
      const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:proliferate-${service}-AbCdEf`;
      expect(containerOf(recording, service).secrets).to.deep.include({
        name: "DATABASE_URL",
        valueFrom: `${arn}:DATABASE_URL::${version}`,
      });
      expect(containerOf(recording, service).secrets).to.have.length(service === "llm-proxy" ? 3 : 2);
    }
  });

  it("log to their own group", async () => {
    const { recording } = await recordServices(allImages);
    for (const service of ["gateway", "llm-proxy", "worker"]) {
      expect(containerOf(recording, service).logConfiguration.options).to.include({
        "awslogs-group": `proliferate-${service}`,
        "awslogs-region": "us-east-1",
      });
    }
  });

  it("run the tag of their own repository", async () => {
    const { recording } = await recordServices(allImages);
    expect(containerOf(recording, "gateway").image).to.equal("registry.example.com/proliferate-gateway:g1");
    expect(containerOf(recording, "llm-proxy").image).to.equal("registry.example.com/proliferate-llm-proxy:l1");
    expect(containerOf(recording, "worker").image).to.equal("registry.example.com/proliferate-worker:w1");
  });

  const roots: readonly [string, string, Record<string, boolean>][] = [
    ["read-only but for the llm-proxy", "false", { gateway: true, "llm-proxy": false, worker: true }],
    ["writable with ECS Exec", "true", { gateway: false, "llm-proxy": false, worker: false }],
  ];
  for (const [what, enableExecuteCommand, expected] of roots) {
    it(`have root file systems that are ${what}`, async () => {
      const { recording } = await recordServices({ ...allImages, enableExecuteCommand });
      for (const [service, readonly] of Object.entries(expected)) {
        expect(containerOf(recording, service).readonlyRootFilesystem, service).to.equal(readonly);
        const { volumes } = recording.only(types.taskDefinition, `${service}-task-definition`).inputs;
        expect(volumes, service).to.deep.equal(readonly ? [{ name: "tmp" }] : []);
        const { inputs } = recording.only(types.service, `${service}-service`);
        expect(inputs.enableExecuteCommand, service).to.equal(enableExecuteCommand === "true");
      }
    });
  }

  it("wait for their listeners, policies and capacity providers", async () => {
    const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0a";
    const { recording } = await recordServices({
      ...allImages,
      enableExecuteCommand: "true",
      gatewayCertificateArn: certificate,
      gatewayPublicUrl: "https://gateway.example.com",
    });
    const dependencies = (service: string) =>
      logicalNames(recording.options.get(`${service}-service`)?.dependsOn as unknown[]);
    const common = [
      ...["cluster-capacity-providers", "execution-role-policy", "task-role-execute-command"],
      ...["object-store-task-role-execute-command", "object-store-task-role-object-store"],
    ];
    expect(dependencies("gateway")).to.have.members([...common, "gateway-http-listener", "gateway-https-listener"]);
    expect(dependencies("llm-proxy")).to.have.members([...common, "llm-proxy-http-listener"]);
    expect(dependencies("worker")).to.have.members(common);
  });

  it("fail when ECS rolled back to the previous task definition", async () => {
    const messages = await capturedRejections(() =>
      recordServices(allImages, {}, "prod", {
        [types.service]: { taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/before:1" },
      }),
    );
    expect(messages.join()).to.contain("ECS rolled the service proliferate-gateway back");
  });
});

describe("services without an image", () => {
  it("have zero tasks and their own name", async () => {
    const { recording, result } = await recordServices({ workerImageTag: "w1" });
    const services = recording.all(types.service).map(({ name, inputs }) => [name, inputs.name, inputs.desiredCount]);
    expect(services).to.deep.equal([
      ["gateway-service-idle", "proliferate-gateway-idle", 0],
      ["llm-proxy-service-idle", "proliferate-llm-proxy-idle", 0],
      ["worker-service", "proliferate-worker", 1],
    ]);
    expect(result.servicesWithoutImage).to.deep.equal(["gateway", "llmProxy"]);
    expect(containerOf(recording, "gateway").image).to.equal("registry.example.com/proliferate-gateway:none");
    expect(await valueOf(result.gatewayServiceName)).to.equal("proliferate-gateway-idle");
    expect(await valueOf(result.llmProxyServiceName ?? "")).to.equal("proliferate-llm-proxy-idle");
    expect(await valueOf(result.workerServiceName)).to.equal("proliferate-worker");
  });

  it("do not exist when all services have an image", async () => {
    const { result } = await recordServices(allImages);
    expect(result.servicesWithoutImage).to.deep.equal([]);
  });

  it("are all services at the first deployment", async () => {
    const { result } = await recordServices();
    expect(result.servicesWithoutImage).to.deep.equal(["gateway", "llmProxy", "worker"]);
  });
});

describe("without the llm-proxy", () => {
  it("has no resources of it", async () => {
    const { recording, result } = await recordServices({ ...allImages, enableLlmProxy: "false" }, withoutLlmProxy);
    const names = recording.resources.map(({ name }) => name).filter((name) => name.includes("llm-proxy"));
    expect(names).to.deep.equal([]);
    expect(recording.all(types.service)).to.have.length(2);
    expect(Object.keys(result).filter((key) => key.startsWith("llmProxy"))).to.deep.equal([]);
    const idle = await recordServices({ enableLlmProxy: "false" }, withoutLlmProxy);
    expect(idle.result.servicesWithoutImage).to.deep.equal(["gateway", "worker"]);
  });

  for (const layer of ["network", "secrets"] as const) {
    for (const key of Object.keys(withoutLlmProxy[layer] ?? {})) {
      it(`stops in ${layer} when ${key} is missing, and says what to do`, async () => {
        const messages = await capturedRejections(() => recordServices({}, { [layer]: { [key]: undefined } }));
        expect(messages.join()).to.contain(`enableLlmProxy is true, but the layer ${layer} has no ${key}:`);
        expect(messages.join()).to.contain(`scripts/deploy-all.sh --stack stack --only ${layer}`);
      });
    }
  }
});
