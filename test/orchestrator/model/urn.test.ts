import { expect } from "chai";
import { shortUrn, typeOf } from "@proliferate-infra/orchestrator/model/urn";

describe("a URN", () => {
  const vpc = "urn:pulumi:prod::proliferate-network::proliferate:network:NetworkLayer$aws:ec2/vpc:Vpc::vpc";

  it("has the resource's type and name", () => {
    expect(typeOf(vpc)).to.equal("aws:ec2/vpc:Vpc");
    expect(shortUrn(vpc)).to.equal("aws:ec2/vpc:Vpc vpc");
    expect(shortUrn(`${vpc}::part`)).to.equal("aws:ec2/vpc:Vpc vpc::part");
    expect(typeOf("urn:pulumi:prod::proliferate-network::pulumi:pulumi:Stack::proliferate-network-prod")).to.equal(
      "pulumi:pulumi:Stack",
    );
  });
});
