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

  it("open or close its root file system, whatever its image tolerates", async () => {
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

  it("give its tasks more time to start, and its connections to be silent", async () => {
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
