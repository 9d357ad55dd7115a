import { expect } from "chai";
import fc from "fast-check";
import {
  backendUrl,
  formatStateUrl,
  parseStateUrl,
  type StateLocation,
} from "@proliferate-infra/backend/environment/state-url";
import { UserError } from "@proliferate-infra/backend/errors";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{2,20}[a-z0-9]$/);
const s3 = fc.record({ kind: fc.constant("s3" as const), bucket: name, prefix: name, region: name, lockTable: name });
const file = fc.record({ kind: fc.constant("file" as const), directory: name.map((folder) => `/srv/${folder}`) });
const documented = "s3://bucket/prod?region=eu-west-1&dynamodb_table=locks";

describe("state URLs", () => {
  it("are the same after formatting and parsing", () => {
    fc.assert(
      fc.property(fc.oneof<fc.Arbitrary<StateLocation>[]>(s3, file), (location) => {
        expect(parseStateUrl(formatStateUrl(location))).to.deep.equal(location);
      }),
    );
  });

  it("have the documented format", () => {
    const location = parseStateUrl(documented);
    expect(location).to.deep.equal({
      kind: "s3",
      bucket: "bucket",
      prefix: "prod",
      region: "eu-west-1",
      lockTable: "locks",
    });
    expect(formatStateUrl(location)).to.equal(documented);
  });

  it("are passed to Pulumi without the table, which Pulumi refuses", () => {
    expect(backendUrl(parseStateUrl(documented))).to.equal("s3://bucket/prod?region=eu-west-1");
  });

  for (const [url, why] of [
    ["s3://bucket/prod?region=eu-west-1", "lacks dynamodb_table"],
    ["s3://bucket/prod?dynamodb_table=locks", "lacks region"],
    ["s3://bucket?region=eu-west-1&dynamodb_table=locks", "lacks prefix"],
    ["s3:///prod?region=eu-west-1&dynamodb_table=locks", "lacks bucket"],
    [`${documented}&endpoint=example.com`, "has the parameter endpoint"],
    [
      `${documented}&profile=tools`,
      "has the parameter profile, but the state and the environment's resources have the same",
    ],
    [`${documented}#part`, "has a fragment"],
    ["https://app.pulumi.com", "has another form"],
    ["file://relative/folder", "does not name an absolute folder"],
    ["", "has another form"],
  ] as const) {
    it(`are refused when ${JSON.stringify(url)} ${why}`, () => {
      expect(() => parseStateUrl(url)).to.throw(UserError, why);
    });
  }
});
