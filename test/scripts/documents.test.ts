import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { rolloutProgram } from "@proliferate-infra/orchestrator/command-line/program";
import { layers } from "@proliferate-infra/shared/layers";

// The changelog names what is gone; docs/configuration.md is generated, and compared elsewhere.
const documents = globSync(["*.md", "docs/**/*.md", "tools/*.md", "bench/*.md"], { cwd: repositoryRoot })
  .filter((file) => !["CHANGELOG.md", "docs/configuration.md"].includes(file))
  .sort();
/** A path that begins with another word may be a module, an address or a logical name. */
const folders = new Set(
  readdirSync(repositoryRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name),
);
/** Folders that documents leave out, because a sentence before names them. */
const shortened = ["", "orchestrator/src", "tools", "stacks"];
/** Made when a command runs. */
const madeLater = [/^environments\/(?!example)/, /\/Pulumi\.[^/]+\.yaml$/, /^\.rollout\//];

const verbs = new Set(rolloutProgram().commands.flatMap((command) => [command.name(), ...command.aliases()]));

/** Code of a document: lines of shell code without comments, and what is between backticks. */
function codeOf(text: string): string[] {
  const fences = [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].flatMap(([, code = ""]) =>
    code.replaceAll(/(^|\s)#.*$/gm, "").split("\n"),
  );
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "");
  return [...fences, ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code)];
}

const isThere = (path: string) => globSync(path, { cwd: repositoryRoot }).length > 0;

/** Paths behind a pattern of the documents: `<layer>` stands for each layer. */
const spread = (path: string) =>
  path.includes("<layer>") ? layers.map(({ name }) => path.replaceAll("<layer>", name)) : [path];

function missingFiles(document: string, text: string): string[] {
  // A link's target is relative to its document, see below. Outside of code only what ends like a file counts: prose has slashes too.
  const prose = text.replaceAll(/\]\([^)]*\)/g, "]");
  const paths = [...codeOf(text), ...(prose.match(/[^\s`()]+\.(?:ts|mjs|md|json|sh|yaml)\b/g) ?? [])].flatMap(
    (code) => code.match(/(?<![\w./:~$@-])(?:\.\/)?[\w.<>*-]+(?:\/[\w.<>*-]+)+\/?/g) ?? [],
  );
  const named = [...new Set(paths)]
    .map((path) => path.replace(/^\.\//, "").replace(/\/$/, ""))
    .filter((path) => folders.has(path.split("/")[0] ?? "") || /\.(ts|mjs|md|json|sh)$/.test(path))
    .filter((path) => !madeLater.some((pattern) => pattern.test(path)))
    .flatMap(spread)
    .filter((path) => !shortened.some((folder) => isThere(join(folder, path))));
  const linked = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !isThere(join(dirname(document), target)));
  return [...named, ...linked];
}

function missingCommands(text: string): string[] {
  return codeOf(text)
    .flatMap((code) => [...code.matchAll(/(?:^|[\s(/])rollout ([a-z][a-z-]*)/g)])
    .map(([, verb = ""]) => verb)
    .filter((verb) => !verbs.has(verb));
}

describe("documents", () => {
  for (const document of documents) {
    const text = readFileSync(join(repositoryRoot, document), "utf8");

    it(`${document} names files and folders that exist`, () => {
      expect(missingFiles(document, text)).to.deep.equal([]);
    });

    it(`${document} names commands that exist`, () => {
      expect(missingCommands(text)).to.deep.equal([]);
    });
  }

  it("of decisions have consecutive numbers, each once", () => {
    const decisions = documents.filter((file) => file.startsWith("docs/decisions/"));
    const titles = decisions.map((file) => /^# (\d+)\. /.exec(readFileSync(join(repositoryRoot, file), "utf8"))?.[1]);
    const numbers = decisions.map((_, index) => String(index + 1));
    expect(titles).to.deep.equal(numbers);
    expect(decisions.map((file) => String(Number(/\d{4}/.exec(file)?.[0])))).to.deep.equal(numbers);
  });

  it("are not empty", () => {
    expect(documents).to.include.members(["README.md", "CONTRIBUTING.md", "docs/architecture.md"]);
  });

  it("fail for a missing file, link or command", () => {
    const text =
      "`shared/src/gone.ts`, `./scripts/gone.sh`, [here](gone.md), `./rollout up`, `./rollout vanish --stack prod`, test/gone.test.ts";
    expect(missingFiles("docs/any.md", text)).to.deep.equal([
      "shared/src/gone.ts",
      "scripts/gone.sh",
      "test/gone.test.ts",
      "gone.md",
    ]);
    expect(missingCommands(text)).to.deep.equal(["vanish"]);
  });
});
