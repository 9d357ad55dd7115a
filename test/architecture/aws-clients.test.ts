import { expect } from "chai";
import { Linter } from "eslint";
import { clientsElsewhere } from "./aws-clients.mjs";

describe("ESLint's rule for AWS clients", () => {
  const faults = (code: string): number =>
    new Linter().verify(code, [{ rules: { "no-restricted-syntax": ["error", ...clientsElsewhere] } }]).length;

  it("refuses clients that awsClient does not make", () => {
    expect(faults("new S3Client({ region });")).to.equal(1);
    expect(faults("new ElasticLoadBalancingV2Client();")).to.equal(1);
  });

  it("allows awsClient, and clients that are not the SDK's", () => {
    expect(faults("awsClient(S3Client, { region }); new Client({}); new RelayClient(address, reader);")).to.equal(0);
  });
});
