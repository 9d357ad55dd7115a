/** What can be set for one service alone. */
import { expect } from "chai";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { allImages, containerOf, recordServices, types } from "./recorded-layer.ts";

const taskOf = async (service: string, changes: SampleChanges) => {
  const { recording } = await recordServices({ ...allImages, ...changes });
  return { recording, ...recording.only(types.taskDefinition, `${service}-task-definition`) };
};

describe("settings of one service", () => {
  it("give its container a command", async () => {
    const { recording } = await taskOf("worker", { workerCommand: '["node", "worker.js"]' });
    expect(containerOf(recording, "worker")).to.have.deep.property("command", ["node", "worker.js"]);
    expect(containerOf(recording, "gateway")).not.to.have.property("command");
  });

  it("set its root file system writable or read-only", async () => {
    const { recording } = await taskOf("gateway", {
      gatewayReadonlyRootFilesystem: "false",
      llmProxyReadonlyRootFilesystem: "true",
    });
    const readonly = (service: string) => containerOf(recording, service).readonlyRootFilesystem;
    expect(["gateway", "llm-proxy", "worker"].map(readonly)).to.deep.equal([false, true, true]);
    const volumes = recording.all(types.taskDefinition).map(({ inputs }) => inputs.volumes);
    expect(volumes).to.deep.equal([[], [{ name: "tmp" }], [{ name: "tmp" }]]);
  });

  it("enlarge the disk of its tasks", async () => {
    const { inputs, recording } = await taskOf("worker", { workerEphemeralStorageGiB: "100" });
    expect(inputs.ephemeralStorage).to.deep.equal({ sizeInGib: 100 });
    const gateway = recording.only(types.taskDefinition, "gateway-task-definition");
    expect(gateway.inputs).not.to.have.property("ephemeralStorage");
  });

  it("move its health check, in the container and in the load balancer", async () => {
    const { recording } = await taskOf("gateway", { gatewayHealthCheckPath: "/ready" });
    expect(containerOf(recording, "gateway").healthCheck.command.join(" ")).to.contain("http://127.0.0.1:8787/ready");
    const { inputs } = recording.only(types.targetGroup, "proliferate-gateway-tg");
    expect(inputs.healthCheck).to.have.property("path", "/ready");
  });

  it("name the processor that its tasks and the migration run on", async () => {
    const { recording } = await taskOf("gateway", { gatewayCpuArchitecture: "ARM64", migrationCommand: '["migrate"]' });
    const architectures = recording
      .all(types.taskDefinition)
      .map(({ name, inputs }) => [
        ...[
          name.replace("-task-definition", ""),
          (inputs.runtimePlatform as { cpuArchitecture: string }).cpuArchitecture,
        ],
      ]);
    expect(Object.fromEntries(architectures)).to.deep.equal({
      ...{ gateway: "ARM64", migration: "ARM64", "llm-proxy": "X86_64", worker: "X86_64" },
    });
  });

  it("put sidecars beside its container, which log where it does and get none of its secrets", async () => {
    const sidecar = { name: "traces", image: "public.ecr.aws/x/collector:1", essential: false };
    const changes = {
      ...{ gatewaySidecars: JSON.stringify([{ ...sidecar, environment: { A: "b" }, command: ["run"] }]) },
      migrationCommand: '["migrate"]',
    };
    const { inputs, recording } = await taskOf("gateway", changes);
    const [own, traces, ...others] = JSON.parse(inputs.containerDefinitions as string) as Record<string, unknown>[];
    expect(others).to.deep.equal([]);
    expect(own).to.include({ name: "gateway", essential: true });
    expect(traces).to.deep.include({
      ...sidecar,
      command: ["run"],
      environment: [{ name: "A", value: "b" }],
      secrets: [],
    });
    expect(traces).to.have.nested.property("logConfiguration.options.awslogs-group", "proliferate-gateway");
    for (const service of ["llm-proxy", "worker", "migration"]) {
      expect(containerOf(recording, service).name, "no sidecar").to.equal(service);
    }
  });

  it("set its start time and its idle timeout", async () => {
    const { recording } = await taskOf("gateway", {
      albIdleTimeoutSeconds: "100",
      llmProxyIdleTimeoutSeconds: "4000",
      llmProxyHealthCheckGracePeriodSeconds: "600",
    });
    const timeouts = recording.all(types.loadBalancer).map(({ inputs }) => inputs.idleTimeout);
    expect(timeouts).to.deep.equal([100, 4000]);
    const grace = (name: string) => recording.only(types.service, name).inputs.healthCheckGracePeriodSeconds;
    expect([grace("gateway-service"), grace("llm-proxy-service")]).to.deep.equal([120, 600]);
  });
});
