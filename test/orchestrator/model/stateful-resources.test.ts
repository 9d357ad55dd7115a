import { expect } from "chai";
import { STATEFUL_TYPES } from "@proliferate-infra/orchestrator/model/stateful-resources";
import { recordData, tlsAndToken } from "../../stacks/data/recorded-data.ts";
import { everythingOn, recordNetwork } from "../../stacks/network/recorded-network.ts";
import { recordSecrets } from "../../stacks/secrets/recorded-secrets.ts";
import { allImages, recordServices } from "../../stacks/services/recorded-layer.ts";

describe("stateful resources", () => {
  it("are of the types that the layers protect", async () => {
    const layers = [
      await recordNetwork(everythingOn),
      await recordData({ createS3Bucket: "true" }),
      await recordData(tlsAndToken),
      await recordSecrets(),
      await recordServices(allImages),
    ];
    const types = new Set(layers.flatMap(({ recording }) => [...recording.protectedTypes]));
    expect([...STATEFUL_TYPES]).to.have.members([...types]);
  });
});
