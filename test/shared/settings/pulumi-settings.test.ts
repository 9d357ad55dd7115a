import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { isSecret, valueOf } from "@proliferate-infra/testing/recording-mocks";
import { sampleConfiguration, sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

/** Gives the running program the sample configuration, as the engine would. */
async function configure(changes: SampleChanges = {}): Promise<void> {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "project",
    "prod",
    false,
  );
  const values = [...sampleConfiguration("data", changes).values];
  pulumi.runtime.setAllConfig(
    Object.fromEntries(values.map(([key, { text }]) => [key, text ?? ""])),
    values.filter(([, { secret }]) => secret).map(([key]) => key),
  );
}

describe("settings of a running program", () => {
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
  });

  it("are typed values, with secrets as secret outputs", async () => {
    await configure();
    const settings = readLayerSettings("data");
    expect(settings).to.include({ stack: "prod", region: "us-east-1", enableRds: true, dbAllocatedStorageGb: 20 });
    expect(settings.redisAuthToken).to.equal(undefined);
    expect(await isSecret(settings.dbPassword)).to.equal(true);
    expect(await valueOf(settings.dbPassword)).to.equal(sampleValues.dbPassword);
  });

  it("end the program with all errors and no stack trace", async () => {
    await configure({ dbPassword: { text: "plain-canary", secret: false }, dbMultiAz: "maybe" });
    expect(() => readLayerSettings("data"))
      .to.throw(pulumi.RunError, "2 settings are wrong")
      .with.property("message")
      .that.contains("pulumi config set proliferate-data:dbMultiAz <value> --stack prod --cwd stacks/data")
      .and.does.not.contain("plain-canary");
  });
});
