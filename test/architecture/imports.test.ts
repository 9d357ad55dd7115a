import { expect } from "chai";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { join } from "node:path";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { knownCircles, knownViolations, separateEntries, zones } from "./import-order.mjs";

const severity = "error";

const againstTheOrder: IForbiddenRuleType[] = zones.map(({ folder, forbids }) => ({
  name: "order",
  severity,
  from: { path: `^${folder}(/|$)` },
  to: { path: forbids.map((forbidden) => `^${forbidden}(/|$)`) },
}));

const betweenEntries: IForbiddenRuleType[] = separateEntries.map((folder) => ({
  name: "entry",
  severity,
  from: { path: `^${folder}/([^/.]+)` },
  to: { path: `^${folder}/`, pathNot: `^${folder}/$1[/.]` },
}));

const circles: IForbiddenRuleType = { name: "circle", severity, from: {}, to: { circular: true } };

/** Imports as a compiler resolves them, type imports included. ESLint's zones (same order) look at the text of an import only. */
describe("imports of the packages", function () {
  this.timeout(60_000);

  let result: ICruiseResult;

  const violations = (...rules: string[]): string[] =>
    result.summary.violations
      .filter(({ rule }) => rules.includes(rule.name))
      .map(({ from, to, cycle }) => [from, ...(cycle?.map(({ name }) => name) ?? [to])].join(" -> "))
      .sort();

  before(async () => {
    const { output } = await cruise([...new Set(zones.map(({ folder }) => folder.split("/")[0] ?? folder))], {
      baseDir: repositoryRoot,
      validate: true,
      ruleSet: { forbidden: [...againstTheOrder, ...betweenEntries, circles] },
      // Type imports count, also those in the comments of a .mjs file.
      tsPreCompilationDeps: true,
      detectJSDocImports: true,
      doNotFollow: { path: "node_modules" },
      enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node"] },
      tsConfig: { fileName: join(repositoryRoot, "tsconfig.json") },
    });
    if (typeof output === "string") throw new Error(output);
    result = output;
  });

  it("are all found", () => {
    const unresolved = result.modules
      // The language host loads the SDK of the project that it runs, from that project's folder.
      .filter(({ source }) => !source.startsWith("tools/language-host/"))
      .flatMap(({ source, dependencies }) =>
        dependencies.filter(({ couldNotResolve }) => couldNotResolve).map(({ module }) => `${source} -> ${module}`),
      );
    expect(unresolved).to.deep.equal([]);
    expect(result.summary.totalCruised).to.be.above(400);
  });

  it("go one way: no import against the order", () => {
    expect(violations("order", "entry")).to.deep.equal(knownViolations);
  });

  it("form no circle", () => {
    expect(violations("circle")).to.deep.equal(knownCircles);
  });
});
