import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { OutputHasher, UNKNOWN_HASH } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { stackFilePath } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import { areSecretsRefused } from "@proliferate-infra/orchestrator/pulumi/placeholder-secrets";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { withVariables } from "@proliferate-infra/testing/process-variables";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

const URL = "awskms://alias/of-a-test?region=us-east-1";

describe("whether AWS refuses to decrypt the secrets", () => {
  let checkout: TemporaryCheckout;
  let kms: Server;
  let requests = 0;
  let restoreVariables: () => void;
  before(async () => {
    checkout = new TemporaryCheckout();
    kms = createServer((_, response) => {
      requests += 1;
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: "AccessDeniedException", message: "not for this role" }));
    });
    await new Promise<void>((resolve) => kms.listen(0, "127.0.0.1", resolve));
    const { port } = kms.address() as AddressInfo;
    restoreVariables = withVariables({
      ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: "us-east-1" },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    });
  });
  after(() => {
    restoreVariables();
    kms.close();
    checkout.remove();
  });

  const keyOf = (layer: LayerName) => Buffer.from(`key of ${layer}`).toString("base64");

  it("is asked once, also when outputs are hashed with the same key", async () => {
    for (const layer of ["network", "data"] as const) {
      const text = `secretsprovider: ${URL}\nencryptedkey: ${keyOf(layer)}\n`;
      writeFileSync(stackFilePath(checkout.root, layer, "prod"), text);
    }
    const environment = {
      stack: "prod",
      state: { kind: "file", directory: "/none" },
      facts: undefined,
      pulumiVariables: {},
    } as const;
    expect(await areSecretsRefused(checkout.root, environment)).to.equal(true);
    const secretsProvider = { type: "cloud", state: { url: URL, encryptedkey: keyOf("data") } } as const;
    const outputs = { databaseUrl: { value: undefined, ciphertext: "v1:a:b" } };
    const hasher = new OutputHasher(process.env, "unknown when refused");
    expect(await hasher.hashes({ ...NO_STATE, outputs, secretsProvider })).to.deep.equal({ databaseUrl: UNKNOWN_HASH });
    expect(requests).to.equal(1);
  });
});
