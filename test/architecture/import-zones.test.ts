import { expect } from "chai";
import { Linter } from "eslint";
import { importZones } from "./import-zones.mjs";

describe("ESLint's import zones", () => {
  const faults = (file: string, specifier: string): number =>
    new Linter().verify(`import ${JSON.stringify(specifier)};`, [{ files: ["**/*.ts"] }, ...importZones], file).length;

  for (const [file, specifier] of [
    ["shared/src/layers.ts", "@proliferate-infra/backend/errors"],
    ["backend/src/errors.ts", "../../orchestrator/src/cli.ts"],
    ["backend/src/lock/lease.ts", "@proliferate-infra/tools/lib/lock.mjs"],
    ["stacks/data/index.ts", "@proliferate-infra/orchestrator/run/run"],
    ["stacks/data/index.ts", "proliferate-network/vpc.ts"],
    ["stacks/data/index.ts", "../network/vpc.ts"],
    ["policy/policies.ts", "@proliferate-infra/backend/errors"],
    ["orchestrator/src/model/results.ts", "../history/records.ts"],
    ["orchestrator/src/verify/verify-plan.ts", "../pulumi/engine.ts"],
    ["orchestrator/src/run/run.ts", "../commands/up.ts"],
    ["orchestrator/src/run/run.ts", "../cli.ts"],
    ["orchestrator/src/commands/up.ts", "./destroy.ts"],
    ["orchestrator/src/commands/rotate/rotate.ts", "../configure/texts.ts"],
    ["orchestrator/src/commands/rotate/rotate.ts", "@proliferate-infra/testing/failure"],
  ] as const) {
    it(`refuse ${specifier} in ${file}`, () => {
      expect(faults(file, specifier)).to.equal(1);
    });
  }

  for (const [file, specifier] of [
    ["backend/src/errors.ts", "@proliferate-infra/shared/layers"],
    ["stacks/data/index.ts", "@proliferate-infra/backend/errors"],
    ["orchestrator/src/history/records.ts", "../model/results.ts"],
    ["orchestrator/src/commands/rotate/rotate.ts", "../../run/run.ts"],
    ["orchestrator/src/commands/rotate/rotate.ts", "./request.ts"],
    ["test/orchestrator/cli.test.ts", "@proliferate-infra/testing/failure"],
  ] as const) {
    it(`allow ${specifier} in ${file}`, () => {
      expect(faults(file, specifier)).to.equal(0);
    });
  }
});
