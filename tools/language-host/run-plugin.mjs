/** RunPlugin: plugins written in TypeScript or JavaScript; here these are policy packs. */
import { endProgram, startNode } from "./child-programs.mjs";
import { readRuntimeOptions } from "./runtime-options.mjs";
import { resolveFrom } from "./sdk.mjs";

/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").RunPluginRequest} RunPluginRequest */
/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").RunPluginResponse} RunPluginResponse */

/** @param {import("./sdk.mjs").Sdk} sdk */
export function runPlugin({ grpc, language }) {
  /**
   * @param {{ request: RunPluginRequest, write(response: RunPluginResponse): void, end(): void,
   *   on(event: "cancelled", handler: () => void): void, emit(event: "error", error: object): void }} call
   */
  return (call) => {
    const send = (/** @type {(response: RunPluginResponse) => void} */ fill) => {
      const response = new language.RunPluginResponse();
      fill(response);
      call.write(response);
    };
    let plugin;
    try {
      plugin = start(call.request);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      call.emit("error", { code: grpc.status.FAILED_PRECONDITION, message });
      return;
    }
    plugin.stdout?.on("data", (chunk) => send((response) => response.setStdout(chunk)));
    plugin.stderr?.on("data", (chunk) => send((response) => response.setStderr(chunk)));
    plugin.once("close", (code) => {
      send((response) => response.setExitcode(code ?? 1));
      call.end();
    });
    call.on("cancelled", () => void endProgram(plugin));
  };
}

/** @param {RunPluginRequest} request */
function start(request) {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine sent no plugin information; is it older than 3.259?");
  const folder = info.getProgramDirectory();
  const { typescript, nodeArguments } = readRuntimeOptions(info.getOptions()?.toJavaScript() ?? {});
  const isPolicyPack = request.getKind() === "analyzer";
  const runner = resolveFrom(folder, `@pulumi/pulumi/cmd/${isPolicyPack ? "run-policy-pack" : "run-plugin"}`);
  const given = request.getArgsList();
  const parameters = isPolicyPack ? [...given, folder] : [folder, ...given];
  return startNode([...nodeArguments, runner, ...parameters], {
    cwd: isPolicyPack ? folder : request.getPwd(), // a policy pack reads ./package.json
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...readEnvironment(request.getEnvList()),
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    },
  });
}

/** @param {readonly string[]} pairs "NAME=value" */
function readEnvironment(pairs) {
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
