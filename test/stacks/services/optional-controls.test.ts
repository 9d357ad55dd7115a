/** Controls of the services layer that are settings. */
import { expect } from "chai";
import { allImages, containerOf, recordServices, types } from "./recorded-layer.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b-2c3d";

describe("optional controls of services", () => {
  it("encrypt images and logs with your own key, and let tasks read their secrets with it", async () => {
    const { recording } = await recordServices({ ...allImages, kmsKeyArn });
    for (const { inputs } of recording.all(types.repository)) {
      expect(inputs.encryptionConfigurations).to.deep.equal([{ encryptionType: "KMS", kmsKey: kmsKeyArn }]);
    }
    for (const { inputs } of recording.all(types.logGroup)) {
      expect(inputs.kmsKeyId).to.equal(kmsKeyArn);
    }
    const { Statement } = JSON.parse(
      String(recording.only(types.rolePolicy, "execution-role-policy").inputs.policy),
    ) as {
      Statement: unknown[];
    };
    expect(Statement).to.deep.include({
      Sid: "DecryptSecrets",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [kmsKeyArn],
    });
    const without = (await recordServices(allImages)).recording;
    expect(JSON.stringify(without.resources.map(({ inputs }) => inputs))).not.to.contain("kms");
  });

  it("write the load balancers' access logs, each under its service's name", async () => {
    const { recording } = await recordServices({ albAccessLogsBucket: "my-access-logs" });
    expect(recording.all(types.loadBalancer).map(({ inputs }) => inputs.accessLogs)).to.deep.equal(
      ["proliferate-gateway", "proliferate-llm-proxy"].map((prefix) => ({
        ...{ enabled: true, bucket: "my-access-logs", prefix },
      })),
    );
    for (const { inputs } of (await recordServices()).recording.all(types.loadBalancer)) {
      expect(inputs).not.to.have.property("accessLogs");
    }
  });

  it("run gateway and worker as another user", async () => {
    const { recording } = await recordServices({ ...allImages, containerUser: "1000:1000" });
    const users = ["gateway", "llm-proxy", "worker"].map((service) => {
      return (containerOf(recording, service) as { readonly user?: string }).user;
    });
    expect(users).to.deep.equal(["1000:1000", undefined, "1000:1000"]);
  });
});
