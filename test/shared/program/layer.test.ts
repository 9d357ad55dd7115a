import { expect } from "chai";
import { recordNetwork } from "../../stacks/network/recorded-network.ts";
import { recordServices } from "../../stacks/services/recorded-layer.ts";

describe("the frame of a layer", () => {
  it("keeps type and name of the root component, which stand in the URN of every resource", async () => {
    const network = await recordNetwork();
    expect(network.recording.only("proliferate:network:NetworkLayer").name).to.equal("network");
    const services = await recordServices();
    expect(services.recording.only("proliferate:services:ServicesLayer").name).to.equal("services");
  });
});
