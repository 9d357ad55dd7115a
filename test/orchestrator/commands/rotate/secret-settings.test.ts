import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encryptedValues } from "@proliferate-infra/orchestrator/commands/rotate/secret-settings";
import { saveValues, savedValues } from "@proliferate-infra/orchestrator/commands/rotate/values-before";

const SETTINGS = `# Ours.
config:
  aws:region: us-east-1
  proliferate-data:dbPassword:
    secure: v1:one:password # never changed
  proliferate-data:redisAuthToken: plain
`;

describe("secrets in settings files", () => {
  let root: string;
  let path: string;
  const place = () => ({ root, environment: { stack: "prod", pulumiVariables: {} } });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "proliferate-rotation-"));
    for (const layer of ["data", "secrets"]) {
      mkdirSync(join(root, "stacks", layer), { recursive: true });
    }
    path = join(root, "stacks/data/Pulumi.prod.yaml");
    writeFileSync(path, SETTINGS);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("are read as they stand, encrypted", () => {
    const values = encryptedValues(place(), ["dbPassword", "redisAuthToken", "anthropicApiKey"]);
    expect(values).to.deep.equal({ "proliferate-data:dbPassword": "v1:one:password" });
  });

  it("are kept beside the environment's facts until the next rotation", () => {
    saveValues(root, "prod", { "proliferate-data:dbPassword": "v1:a:b", "proliferate-secrets:e2bApiKey": "v1:c:d" });
    saveValues(root, "prod", { "proliferate-data:dbPassword": "v1:one:password" });
    expect(savedValues(root, "prod")).to.deep.equal({
      keys: ["dbPassword"],
      values: { "proliferate-data:dbPassword": "v1:one:password" },
    });
  });

  it("cannot come back when none were kept", () => {
    expect(() => savedValues(root, "prod")).to.throw(/no secret of prod was rotated in this checkout/);
  });
});
