import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What the layers use of @pulumi/aws, read from their source code. Names are "module/Name", as in resource-table.json. */
export interface AwsUses {
  readonly resources: ReadonlySet<string>;
  readonly invokes: ReadonlySet<string>;
  /** Every property that is written or read anywhere: more than the AWS ones, so that none is overlooked. */
  readonly propertyNames: ReadonlySet<string>;
  /** Imports that would hide uses from this reading, or need a provider that the toolchain does not have. */
  readonly unexpectedImports: readonly string[];
}

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

/** The source files of the layers and of what they share. */
export function layerSources(): string[] {
  return ["stacks", "shared/src"].flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.split("/").includes("node_modules"))
      .map((path) => join(checkout, folder, path)),
  );
}

export function readAwsUses(files: readonly string[]): AwsUses {
  const uses = {
    resources: new Set<string>(),
    invokes: new Set<string>(),
    propertyNames: new Set<string>(),
    unexpectedImports: [] as string[],
  };
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) noteImport(node, file, uses.unexpectedImports);
      if (ts.isNewExpression(node)) note(awsName(node.expression), uses.resources);
      if (ts.isCallExpression(node)) noteCall(node.expression, uses);
      if (ts.isPropertyAccessExpression(node)) uses.propertyNames.add(node.name.text);
      if (ts.isObjectLiteralElement(node) && node.name !== undefined && "text" in node.name) {
        uses.propertyNames.add(node.name.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  // The explicit provider is the bridge's own.
  uses.resources.delete("index/Provider");
  return uses;
}

/** aws.ec2.getVpc(...), aws.getRegionOutput(...), and aws.ec2.Vpc.get(...), which reads a resource. */
function noteCall(called: ts.Expression, uses: { resources: Set<string>; invokes: Set<string> }): void {
  if (!ts.isPropertyAccessExpression(called)) return;
  if (called.name.text === "get") note(awsName(called.expression), uses.resources);
  if (/^get[A-Z]/.test(called.name.text)) note(awsName(called)?.replace(/Output$/, ""), uses.invokes);
}

function note(name: string | undefined, into: Set<string>): void {
  if (name !== undefined) into.add(name);
}

/** "ec2/Vpc" for aws.ec2.Vpc, "index/Provider" for aws.Provider; undefined for anything else. */
function awsName(expression: ts.Expression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const { expression: owner, name } = expression;
  if (ts.isIdentifier(owner)) return owner.text === "aws" ? `index/${name.text}` : undefined;
  if (!ts.isPropertyAccessExpression(owner) || !ts.isIdentifier(owner.expression)) return undefined;
  return owner.expression.text === "aws" ? `${owner.name.text}/${name.text}` : undefined;
}

function noteImport(declaration: ts.ImportDeclaration, file: string, unexpected: string[]): void {
  const { moduleSpecifier, importClause } = declaration;
  if (!ts.isStringLiteral(moduleSpecifier) || !moduleSpecifier.text.startsWith("@pulumi/")) return;
  if (/^@pulumi\/pulumi(\/|$)/.test(moduleSpecifier.text)) return;
  const bindings = importClause?.namedBindings;
  const isWhole = bindings !== undefined && ts.isNamespaceImport(bindings) && bindings.name.text === "aws";
  if (moduleSpecifier.text === "@pulumi/aws" && isWhole) return;
  unexpected.push(`${file}: ${moduleSpecifier.text}`);
}
