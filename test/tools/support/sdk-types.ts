import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

/** A property as the SDK declares it. */
interface SdkProperty {
  readonly list: boolean;
  /** "ecs.ServiceNetworkConfiguration" where the value is an object of that type of types/input.d.ts or output.d.ts. */
  readonly type: string | undefined;
}

export type SdkProperties = ReadonlyMap<string, SdkProperty>;

/** The declarations of @pulumi/aws, by the names of resource-table.json ("ec2/Vpc", "index/getRegion"). */
export interface SdkDeclarations {
  resource(name: string): { readonly inputs: SdkProperties; readonly outputs: SdkProperties };
  invoke(name: string): { readonly inputs: SdkProperties; readonly outputs: SdkProperties };
  nested(direction: "inputs" | "outputs", type: string): SdkProperties;
}

export function readSdkDeclarations(): SdkDeclarations {
  const root = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
  const nested = {
    inputs: readNested(join(root, "types/input.d.ts")),
    outputs: readNested(join(root, "types/output.d.ts")),
  };
  const declarationsOf = (name: string) => {
    const [module = "", member = ""] = name.split("/");
    const file = `${member.charAt(0).toLowerCase()}${member.slice(1)}.d.ts`;
    return { member, declared: readDeclarations(join(root, module === "index" ? "" : module, file)) };
  };
  return {
    resource(name) {
      const { member, declared } = declarationsOf(name);
      return { inputs: required(declared, `${member}Args`), outputs: required(declared, member) };
    },
    invoke(name) {
      const { member, declared } = declarationsOf(name);
      const type = `${member.charAt(0).toUpperCase()}${member.slice(1)}`;
      // A function without parameters has no Args.
      return { inputs: declared.get(`${type}Args`) ?? new Map(), outputs: required(declared, `${type}Result`) };
    },
    nested: (direction, type) => required(nested[direction], type),
  };
}

function required<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`@pulumi/aws does not declare ${key}`);
  return value;
}

/** Interfaces and classes at the top of a file. */
function readDeclarations(file: string): Map<string, SdkProperties> {
  const source = parse(file);
  return new Map(source.statements.flatMap((statement) => declaration(statement, "")));
}

/** Interfaces in the namespaces of a file: "ecs.ServiceNetworkConfiguration". */
function readNested(file: string): Map<string, SdkProperties> {
  const found: [string, SdkProperties][] = [];
  const visit = (statement: ts.Statement, prefix: string): void => {
    found.push(...declaration(statement, prefix));
    if (ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body)) {
      for (const inner of statement.body.statements) visit(inner, `${prefix}${statement.name.text}.`);
    }
  };
  for (const statement of parse(file).statements) visit(statement, "");
  return new Map(found);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
}

function declaration(statement: ts.Statement, prefix: string): [string, SdkProperties][] {
  if (!ts.isInterfaceDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
  const properties = new Map<string, SdkProperty>();
  for (const member of statement.members) {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
    if (member.type === undefined || !("text" in member.name)) continue;
    properties.set(member.name.text, { list: hasArray(member.type), type: nestedType(member.type) });
  }
  return [[`${prefix}${statement.name?.text ?? ""}`, properties]];
}

function hasArray(node: ts.Node): boolean {
  return ts.isArrayTypeNode(node) || (ts.forEachChild(node, (child) => hasArray(child) || undefined) ?? false);
}

/** The first `inputs.ecs.X` or `outputs.ecs.X` within a type. */
function nestedType(node: ts.Node): string | undefined {
  if (ts.isTypeReferenceNode(node) && ts.isQualifiedName(node.typeName)) {
    const names = qualifiedNames(node.typeName);
    if (names[0] === "inputs" || names[0] === "outputs") return names.slice(1).join(".");
  }
  return ts.forEachChild(node, nestedType);
}

function qualifiedNames(name: ts.EntityName): string[] {
  return ts.isIdentifier(name) ? [name.text] : [...qualifiedNames(name.left), name.right.text];
}
