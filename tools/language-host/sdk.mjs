/** The parts of @pulumi/pulumi that a language host needs, from the program's own installation. */
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * @typedef {object} Sdk
 * @property {string} version of the SDK
 * @property {Grpc} grpc
 * @property {object} languageService
 * @property {typeof import("@pulumi/pulumi/proto/language_pb.js")} language
 * @property {typeof import("@pulumi/pulumi/proto/plugin_pb.js")} plugin
 * @property {{ Empty: new () => object }} empty
 */

/**
 * What is used of @grpc/grpc-js, a dependency of the SDK and not of this project.
 * @typedef {object} Grpc
 * @property {new (options: object) => GrpcServer} Server
 * @property {{ createInsecure(): object }} ServerCredentials
 * @property {{ CANCELLED: number, FAILED_PRECONDITION: number }} status
 *
 * @typedef {object} GrpcServer
 * @property {(service: object, handlers: object) => void} addService
 * @property {(address: string, credentials: object, done: (error: Error | null, port: number) => void) => void} bindAsync
 * @property {() => void} forceShutdown
 */

/**
 * @param {string} folder of the program, or one below it
 * @returns {Sdk}
 * @throws {Error} when no SDK is installed there
 */
export function loadSdk(folder) {
  const manifest = resolveFrom(folder, "@pulumi/pulumi/package.json");
  // From the SDK's own folder, so that its dependencies resolve with pnpm's strict layout, too.
  const require = createRequire(manifest);
  return {
    version: require(manifest).version,
    grpc: require("@grpc/grpc-js"),
    languageService: require("./proto/language_grpc_pb.js").LanguageRuntimeService,
    language: require("./proto/language_pb.js"),
    plugin: require("./proto/plugin_pb.js"),
    empty: require("google-protobuf/google/protobuf/empty_pb.js"),
  };
}

/**
 * @param {string} folder
 * @param {string} specifier
 * @returns {string} path of what a module in the folder would get
 */
export function resolveFrom(folder, specifier) {
  try {
    return createRequire(join(folder, "any-module.js")).resolve(specifier);
  } catch {
    throw new Error(`${specifier} is not installed for ${folder}: run pnpm install`);
  }
}
