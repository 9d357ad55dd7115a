import { expect } from "chai";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { join } from "node:path";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { packages, separateEntries, zones } from "./import-order.mjs";

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

/** What starts programs: commands, the programs that Pulumi loads, scripts. */
const starts = [
  "orchestrator/src/cli.ts",
  "stacks/[^/]+/index.ts",
  "policy/index.mjs",
  "(shared|policy|orchestrator)/scripts/",
  "tools/(set-up|install-packages|language-host/main).mjs",
  "tools/go/",
  // Loaded by `nodeargs` in Pulumi.yaml.
  "shared/src/program/fast-start.ts",
];

/** What also starts, but is no reason for code of the product to exist. */
const testStarts = [
  "test/.+[.]test[.]ts",
  "bench/main.ts",
  "bench/[^/]+/index.ts",
  "testing/src/counting-reporter.mjs",
  "testing/src/fake-docker.mjs",
  "test/drivers/clients/",
  "test/drivers/support/end-with-parent.mjs",
  "test/tools/support/install-slowly.ts",
];

const deadFiles: IForbiddenRuleType[] = [
  unreached(["tools", "shared", "backend", "policy", "stacks", "orchestrator"], starts),
  unreached(["testing", "bench", "test"], [...starts, ...testStarts]),
];

/** Forbids files of `folders` that nothing in `from` reaches. */
function unreached(folders: readonly string[], from: readonly string[]): IForbiddenRuleType {
  const path = from.map((start) => `^${start}`);
  return {
    name: "dead",
    severity,
    from: { path },
    to: { path: folders.map((folder) => `^${folder}/`), pathNot: path, reachable: false },
  };
}

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
    const { output } = await cruise(Object.keys(packages), {
      baseDir: repositoryRoot,
      validate: true,
      ruleSet: { forbidden: [...againstTheOrder, ...betweenEntries, circles, ...deadFiles] },
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

  it("all exist", () => {
    const unresolved = result.modules
      // The language host (and its test) loads the SDK of the project that it runs, from that project's folder.
      .filter(({ source }) => !/^(test\/)?tools\/language-host/.test(source))
      .flatMap(({ source, dependencies }) =>
        dependencies.filter(({ couldNotResolve }) => couldNotResolve).map(({ module }) => `${source} -> ${module}`),
      );
    expect(unresolved).to.deep.equal([]);
    expect(result.summary.totalCruised).to.be.above(400);
  });

  it("follow the order of the packages", () => {
    expect(violations("order", "entry")).to.deep.equal([]);
  });

  it("form no cycle", () => {
    expect(violations("circle")).to.deep.equal([]);
  });

  it("reach every file from an entry point", () => {
    expect(violations("dead")).to.deep.equal([]);
  });
});
