import { expect } from "chai";
import { parseStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { settingsDigest } from "@proliferate-infra/orchestrator/decide/fingerprint";

const digestOf = (...lines: readonly string[]) =>
  settingsDigest(parseStackFile("network", "prod", ["config:", ...lines.map((line) => `  ${line}`)].join("\n")));

describe("the hash of a layer's settings", () => {
  const region = "aws:region: us-east-1";
  const plain = digestOf(region);

  it("does not change when a default is written out, or with comments and order", () => {
    expect(digestOf("# a comment", "proliferate-network:gatewayPort: 8787", region)).to.equal(plain);
    expect(digestOf(region, 'proliferate-network:gatewayPort: "8787"')).to.equal(plain);
    expect(digestOf(region, "proliferate-network:environment: prod")).to.equal(plain);
    const list = "proliferate-network:dbAllowedCidrs";
    expect(digestOf(region, `${list}: [192.0.2.0/24]`)).to.equal(digestOf(region, `${list}: 192.0.2.0/24`));
  });

  it("changes with every value, with the key of the secrets, and with values that no setting explains", () => {
    const secure = (text: string) => digestOf(region, `proliferate-network:extra: { secure: "${text}" }`);
    const all = [
      plain,
      digestOf("aws:region: eu-west-1"),
      digestOf(region, "proliferate-network:gatewayPort: 9000"),
      digestOf(region, "proliferate-network:gatewayPort: none"),
      digestOf(region, "aws:profile: other"),
      secure("v1:a:b"),
      secure("v1:a:c"),
      digestOf(region, 'proliferate-network:extra: { NAME: { secure: "v1:a:b" } }'),
      settingsDigest(parseStackFile("network", "prod", `encryptionsalt: v1:salt\nconfig:\n  ${region}`)),
    ];
    expect(new Set(all).size).to.equal(all.length);
  });

  it("is that of an empty file too", () => {
    expect(settingsDigest(parseStackFile("network", "prod", ""))).to.equal(digestOf());
  });
});
