import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { readUpstream } from "@proliferate-infra/shared/program/upstream-reader";
import { goodOutputs } from "@proliferate-infra/testing/upstream-outputs";
import { isSecret, valueOf } from "@proliferate-infra/testing/recording-mocks";

/** Names of the stack references that the reader registered. */
let references: unknown[];

/** Lets stack references answer with these outputs. */
async function mockUpstream(outputs: object, secretOutputNames: readonly string[]): Promise<void> {
  references = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, inputs, name }: pulumi.runtime.MockResourceArgs) => {
        references.push({ type, name: (inputs as { name: unknown }).name });
        return { id: name, state: { ...inputs, outputs, secretOutputNames } as Record<string, unknown> };
      },
      call: () => ({}),
    },
    "proliferate-secrets",
    "prod",
    false,
    "organization",
  );
}

async function errorOf(reading: Promise<unknown>): Promise<Error> {
  try {
    await reading;
  } catch (error) {
    return error as Error;
  }
  throw new Error("The reader accepted the outputs.");
}

const scope = { region: "us-east-1" };

describe("upstream reader", () => {
  it("returns only the reader's outputs, secrets as secrets", async () => {
    await mockUpstream(goodOutputs.data, ["databaseUrl"]);
    const data = await readUpstream("secrets", "data", scope);
    expect(references).to.deep.equal([
      { type: "pulumi:pulumi:StackReference", name: "organization/proliferate-data/prod" },
    ]);
    expect(await valueOf(data.databaseUrl)).to.equal(goodOutputs.data.databaseUrl);
    expect(await isSecret(data.databaseUrl)).to.equal(true);
    expect(data).to.have.all.keys("databaseUrl", "redisUrl", "redisUrlIsSecret");
    expect(await isSecret(data.redisUrl)).to.equal(false);
  });

  it("leaves out missing optional outputs", async () => {
    await mockUpstream(
      { ...goodOutputs.network, llmProxyAlbSecurityGroupId: undefined, llmProxyTaskSecurityGroupId: undefined },
      [],
    );
    const network = await readUpstream("services", "network", scope);
    expect(network).not.to.have.any.keys("llmProxyAlbSecurityGroupId", "llmProxyTaskSecurityGroupId");
    expect(network).to.include.keys("vpcId", "publicSubnetIds");
  });

  it("reports all errors together, names the layer to deploy first, and shows no value", async () => {
    const outputs = { ...goodOutputs.data, databaseUrl: {}, redisUrl: "https://canary", redisUrlIsSecret: undefined };
    await mockUpstream(outputs, ["databaseUrl"]);
    const error = await errorOf(readUpstream("secrets", "data", scope));
    expect(pulumi.RunError.isInstance(error)).to.equal(true);
    expect(error.message).to.contain("3 output(s) of the layer data");
    expect(error.message).to.contain("databaseUrl is a secret that cannot be decrypted");
    expect(error.message).to.contain("redisUrlIsSecret is missing").and.to.contain("redisUrl must be");
    expect(error.message).to.contain("scripts/deploy-all.sh --stack prod --only data");
    expect(error.message).not.to.contain("canary");
  });

  it("refuses a secret that the upstream stores as plain text", async () => {
    await mockUpstream(goodOutputs.data, []);
    const error = await errorOf(readUpstream("secrets", "data", scope));
    expect(error.message).to.contain("databaseUrl must be secret").and.not.to.contain("postgresql://");
  });
});
