import { expect } from "chai";
import { recordNetwork } from "../../stacks/network/recorded-network.ts";
import { recordServices } from "../../stacks/services/recorded-layer.ts";

describe("a layer's program", () => {
  it("keeps type and name of the root component, which are part of every URN", async () => {
    const network = await recordNetwork();
    expect(network.recording.only("proliferate:network:NetworkLayer").name).to.equal("network");
    const services = await recordServices();
    expect(services.recording.only("proliferate:services:ServicesLayer").name).to.equal("services");
  });
});
