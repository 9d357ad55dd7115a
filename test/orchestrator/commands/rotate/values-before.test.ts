import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { saveValues, savedValues } from "@proliferate-infra/orchestrator/commands/rotate/values-before";

describe("values before a rotation", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "proliferate-rotation-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("are saved beside the environment's facts until the next rotation", () => {
    saveValues(root, "prod", { "proliferate-data:dbPassword": "v1:a:b", "proliferate-secrets:e2bApiKey": "v1:c:d" });
    saveValues(root, "prod", { "proliferate-data:dbPassword": "v1:one:password" });
    expect(savedValues(root, "prod")).to.deep.equal({
      keys: ["dbPassword"],
      values: { "proliferate-data:dbPassword": "v1:one:password" },
    });
  });

  it("cannot be restored when none were saved", () => {
    expect(() => savedValues(root, "prod")).to.throw(/no secret of prod was rotated in this checkout/);
  });
});
