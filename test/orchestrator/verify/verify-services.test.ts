import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { execa } from "execa";
import { verifyServices } from "@proliferate-infra/orchestrator/verify/verify-services";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";

const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app";
const outputs = {
  clusterName: "apps",
  gatewayServiceName: "app-gateway",
  workerServiceName: "app-worker",
  gatewayRepositoryUrl: repository,
  workerRepositoryUrl: repository,
  servicesWithoutImage: ["worker"],
};
const verification = {
  stack: "prod",
  region: "us-east-1",
  signal: new AbortController().signal,
  onWaiting: () => undefined,
};

describe("verification of an environment", () => {
  it("calls nothing when no service has an image", async () => {
    const result = await verifyServices({
      ...verification,
      outputs: { ...outputs, servicesWithoutImage: ["gateway", "worker"] },
    });
    expect(result).to.deep.equal([]);
  });

  it("fails without the outputs that it needs", async () => {
    const problems = await verifyServices({ ...verification, outputs: {} });
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include("clusterName");
  });

  it("loads the SDK only when it has a service to check", () => {
    const imports = (file: string) => {
      const text = readFileSync(join(import.meta.dirname, "../../../orchestrator/src/verify", file), "utf8");
      // An import of types is gone when the file is loaded.
      return [...text.matchAll(/^(?:import (?!type ).*|\}) from "(.+)";$/gm)].map(([, from = ""]) => from);
    };
    const reached = new Set<string>(["./verify-services.ts"]);
    for (const file of reached) {
      imports(file)
        .filter((from) => from.startsWith("./"))
        .forEach((from) => reached.add(from));
    }
    expect([...reached].flatMap(imports).filter((from) => /^@aws-sdk\/|backend\/aws\/ecs$/.test(from))).to.deep.equal(
      [],
    );
    expect([...reached]).to.include("./poll-services.ts");
  });

  describe("against emulated ECS", () => {
    let emulator: SharedEmulator;
    before(async () => {
      emulator = await sharedTestEmulator();
    });

    it("uses AWS settings in the variables of its process", async () => {
      const ecs = new ECSClient(emulator.clientOptions);
      const containerDefinitions = [{ name: "app", image: "app:1" }];
      await ecs.send(new RegisterTaskDefinitionCommand({ family: "app", containerDefinitions }));
      const service = { cluster: "apps", serviceName: "app-gateway", taskDefinition: "app", desiredCount: 1 };
      await ecs.send(new CreateServiceCommand(service));
      ecs.destroy();

      const program = `
        import { verifyServices } from "@proliferate-infra/orchestrator/verify/verify-services";
        const { signal } = new AbortController();
        const request = { stack: "prod", outputs: ${JSON.stringify(outputs)}, region: undefined, signal, onWaiting() {} };
        console.log(JSON.stringify(await verifyServices(request)));`;
      const { stdout } = await execa("node", ["--input-type=module", "--eval", program], {
        cwd: import.meta.dirname,
        env: emulator.env,
        extendEnv: false,
      });
      const result = JSON.parse(stdout) as Awaited<ReturnType<typeof verifyServices>>;
      expect(result).to.deep.equal([]);
    });
  });
});
