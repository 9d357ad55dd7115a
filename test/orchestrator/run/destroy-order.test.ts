import { expect } from "chai";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { UserError } from "@proliferate-infra/backend/errors";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import { destroyOrder } from "@proliferate-infra/orchestrator/run/destroy-order";

describe("destruction", () => {
  const states = (counts: Partial<Record<LayerName, number>>, protect = false): LayerStates =>
    new Map(
      layerNames.map((layer) => [
        layer,
        {
          ...NO_STATE,
          resources: Array.from({ length: counts[layer] ?? 0 }, (_, i) => {
            const [urn, id] = [`urn:${layer}${i}`, `${layer}-${i}`];
            return { urn, id, type: "aws:ec2/vpc:Vpc", protect, inputs: {}, outputs: {} };
          }),
        },
      ]),
    );

  it("goes in reverse order", () => {
    const all = states({ network: 1, data: 1, secrets: 1, services: 1 });
    expect(destroyOrder(layerNames, all, "dev")).to.deep.equal(["services", "secrets", "data", "network"]);
  });

  it("refuses a layer that another one uses, and continues when that is deleted", () => {
    expect(() => destroyOrder(["data"], states({ data: 1, secrets: 2 }), "dev")).to.throw(
      UserError,
      "still used by secrets",
    );
    expect(destroyOrder(["data"], states({ data: 1 }), "dev")).to.deep.equal(["data"]);
  });

  it("refuses protected resources and prints the commands that unprotect them", () => {
    const attempt = () => destroyOrder(layerNames, states({ data: 3 }, true), "prod");
    expect(attempt).to.throw(UserError, "data has 3 protected resource(s)");
    expect(attempt).to.throw(
      "pulumi config set proliferate-data:protectResources false --stack prod --cwd stacks/data",
    );
  });
});
