/** The engine's questions about this host and about a program. Calls that are not answered here get "unimplemented". */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { endAllPrograms } from "./child-programs.mjs";
import { resolveFrom } from "./sdk.mjs";

/** @template Response @typedef {(error: Error | null, response: Response) => void} Reply */
/** @typedef {typeof import("@pulumi/pulumi/proto/language_pb.js")} Language */
/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").GetProgramDependenciesRequest} DependenciesRequest */

/** @param {import("./sdk.mjs").Sdk} sdk */
export function answerQuestions({ language, plugin, empty, version }) {
  return {
    /** @param {unknown} _call @param {Reply<object>} reply */
    handshake: (_call, reply) => reply(null, new language.LanguageHandshakeResponse()),

    /** @param {unknown} _call @param {Reply<object>} reply */
    getPluginInfo: (_call, reply) => {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      reply(null, info);
    },

    /** None to install in advance: providers are found on PATH or beside the engine. @param {unknown} _call @param {Reply<object>} reply */
    getRequiredPackages: (_call, reply) => reply(null, new language.GetRequiredPackagesResponse()),

    /** @param {unknown} _call @param {Reply<object>} reply */
    runtimeOptionsPrompts: (_call, reply) => reply(null, new language.RuntimeOptionsResponse()),

    /** @param {unknown} _call @param {Reply<object>} reply */
    about: (_call, reply) => {
      const about = new language.AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      reply(null, about);
    },

    /** @param {{ request: DependenciesRequest }} call @param {Reply<object>} reply */
    getProgramDependencies: ({ request }, reply) => {
      const response = new language.GetProgramDependenciesResponse();
      response.setDependenciesList(
        directDependencies(request.getInfo()?.getProgramDirectory() ?? process.cwd()).map(([name, installed]) => {
          const dependency = new language.DependencyInfo();
          dependency.setName(name);
          dependency.setVersion(installed);
          return dependency;
        }),
      );
      reply(null, response);
    },

    /** @param {unknown} _call @param {Reply<object>} reply */
    cancel: (_call, reply) => {
      void endAllPrograms();
      reply(null, new empty.Empty());
    },
  };
}

/** @param {string} folder @returns {[name: string, version: string][]} as installed, for `pulumi about` */
function directDependencies(folder) {
  const { dependencies = {} } = readManifest(join(folder, "package.json"));
  return Object.keys(dependencies).map((name) => {
    try {
      return [name, readManifest(resolveFrom(folder, `${name}/package.json`)).version ?? ""];
    } catch {
      return [name, String(dependencies[name])]; // its manifest is not exported
    }
  });
}

/** @param {string} file @returns {{ version?: string, dependencies?: Record<string, string> }} */
function readManifest(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
