/**
 * Copies of the Terraform AWS provider's module the part that a few services need, which cuts hours of compiling to
 * minutes: the module registers some 250 services and as many AWS SDK clients in two generated files.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { patchIdentityInterceptors, patchSweeperLog } from "./patch-terraform-provider.mjs";

const providerModule = "github.com/hashicorp/terraform-provider-aws";
const sdkService = "github.com/aws/aws-sdk-go-v2/service/";
const serviceRegistry = "internal/provider/sdkv2/service_packages_gen.go";
const clientRegistry = "internal/conns/awsclient_gen.go";
/** The package that the bridge imports; everything reachable from it is copied. */
const entryPackage = "xpprovider";

/**
 * @param {{ from: string, to: string, services: readonly string[] }} options `from`: the module as downloaded; `to`: a
 *   folder to create; `services`: names of folders below internal/service.
 */
export function trimTerraformProvider({ from, to, services }) {
  for (const service of services) {
    if (!existsSync(join(from, "internal/service", service))) {
      throw new Error(`resource-table.json: the Terraform provider has no service "${service}"`);
    }
  }
  mkdirSync(to, { recursive: true });
  for (const file of ["go.mod", "go.sum"]) writeFileSync(join(to, file), readFileSync(join(from, file)));

  const registry = keepServices(readFileSync(join(from, serviceRegistry), "utf8"), new Set(services));
  const generated = new Map([[serviceRegistry, registry]]);
  const reached = reachablePackages(from, generated);
  const clients = keepClients(readFileSync(join(from, clientRegistry), "utf8"), reached.calledMethods);
  generated.set(clientRegistry, clients);

  for (const folder of reached.packages) copyPackage(join(from, folder), join(to, folder));
  for (const [file, content] of generated) writeFileSync(join(to, file), content);
  patchIdentityInterceptors(to);
  patchSweeperLog(to);
}

/**
 * The provider's packages that the entry package reaches, and the names of all methods that they call. The generated
 * list of all clients does not count: it is what gets cut to the result.
 * @param {string} root
 * @param {ReadonlyMap<string, string>} replaced files whose new content counts instead of the one below root
 */
function reachablePackages(root, replaced) {
  /** @type {Set<string>} */
  const packages = new Set();
  /** @type {Set<string>} */
  const calledMethods = new Set();
  const waiting = [entryPackage];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (packages.has(folder)) continue;
    packages.add(folder);
    for (const name of goFiles(join(root, folder))) {
      const file = `${folder}/${name}`;
      if (file === clientRegistry) continue;
      const text = replaced.get(file) ?? readFileSync(join(root, file), "utf8");
      for (const imported of importsOf(text)) {
        if (imported.startsWith(`${providerModule}/`)) waiting.push(imported.slice(providerModule.length + 1));
      }
      for (const [, method = ""] of text.matchAll(/\.(\w+)\(/g)) calledMethods.add(method);
    }
  }
  return { packages, calledMethods };
}

/**
 * @param {string} text the generated list of services
 * @param {ReadonlySet<string>} services
 */
function keepServices(text, services) {
  const importLine = new RegExp(`^\\t"${providerModule}/internal/service/([^"]+)"\\n`, "gm");
  return text
    .replace(importLine, (line, service) => (services.has(service) ? line : ""))
    .replace(/^\t\t(\w+)\.ServicePackage\(ctx\),\n/gm, (line, service) => (services.has(service) ? line : ""));
}

/**
 * @param {string} text the generated list of clients: one import and one method for each
 * @param {ReadonlySet<string>} calledMethods
 */
function keepClients(text, calledMethods) {
  /** @type {Set<string>} */
  const packageNames = new Set();
  const methods = text.replace(
    /^func \(c \*AWSClient\) (\w+)\([^)]*\) \*(\w+)\.Client \{\n.*\n\}\n\n?/gm,
    (whole, method, packageName) => {
      if (!calledMethods.has(method)) return "";
      packageNames.add(packageName);
      return whole;
    },
  );
  const importLine = new RegExp(`^\\t"${sdkService}([^"]+)"\\n`, "gm");
  return methods.replace(importLine, (line, packageName) => (packageNames.has(packageName) ? line : ""));
}

/** @param {string} text of a Go file */
function importsOf(text) {
  const blocks = [...text.matchAll(/^import \(\n(.*?)^\)/gms)].map((match) => match[1] ?? "");
  const singles = [...text.matchAll(/^import (?:\w+ )?("[^"]+")$/gm)].map((match) => match[1] ?? "");
  return [...blocks, ...singles].flatMap((block) => [...block.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ""));
}

/** @param {string} folder */
function goFiles(folder) {
  return readdirSync(folder).filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"));
}

/**
 * Files only: what lies in folders below is a package of its own. Written anew, because the module cache is read-only.
 * @param {string} from
 * @param {string} to
 */
function copyPackage(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith("_test.go")) continue;
    writeFileSync(join(to, entry.name), readFileSync(join(from, entry.name)));
  }
}
