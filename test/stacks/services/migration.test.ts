import { expect } from "chai";
import { valueOf } from "@proliferate-infra/testing/recording-mocks";
import { allImages, recordServices, types } from "./recorded-layer.ts";

const migrationCommand = '["node", "dist/migrate.js", "--all"]';
const definition = "migration-task-definition";

describe("the migration task", () => {
  it("is the gateway's image with its own command and only the database's secret", async () => {
    const { recording } = await recordServices({ ...allImages, migrationCommand });
    const { inputs } = recording.only(types.taskDefinition, definition);
    const [container, ...others] = JSON.parse(String(inputs.containerDefinitions)) as Record<string, unknown>[];
    expect(others).to.deep.equal([]);
    expect(inputs).to.deep.include({
      family: "proliferate-migration",
      networkMode: "awsvpc",
      cpu: "512",
      memory: "1024",
    });
    expect(container).to.deep.include({
      name: "migration",
      image: "registry.example.com/proliferate-gateway:g1",
      command: ["node", "dist/migrate.js", "--all"],
      portMappings: [],
      readonlyRootFilesystem: true,
    });
    expect(container).not.to.have.property("healthCheck");
    const secrets = container?.secrets as { name: string; valueFrom: string }[];
    expect(secrets.map(({ name }) => name)).to.deep.equal(["DATABASE_URL"]);
    const gateway = recording.only(types.taskDefinition, "gateway-task-definition").inputs;
    const [gatewayContainer] = JSON.parse(String(gateway.containerDefinitions)) as Record<string, unknown>[];
    expect(secrets[0]).to.deep.equal(
      (gatewayContainer?.secrets as { name: string }[]).find(({ name }) => name === "DATABASE_URL"),
    );
    expect(container?.environment).to.deep.equal(gatewayContainer?.environment);
  });

  it("is an output of the layer", async () => {
    const { result } = await recordServices({ ...allImages, migrationCommand });
    expect(await valueOf(result.migrationTaskDefinitionArn)).to.contain(definition);
  });

  it("does not exist without a command or an image", async () => {
    for (const changes of [allImages, { migrationCommand, workerImageTag: "w1" }]) {
      const { recording, result } = await recordServices(changes);
      expect(recording.all(types.taskDefinition).map(({ name }) => name)).not.to.include(definition);
      expect(result).not.to.have.property("migrationTaskDefinitionArn");
    }
  });
});
