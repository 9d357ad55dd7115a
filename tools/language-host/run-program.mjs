/** Run: one execution of the project's program, for a preview, an update and so on. */
import { resolve } from "node:path";
import { endProgram, startNode } from "./child-programs.mjs";
import { readRuntimeOptions } from "./runtime-options.mjs";
import { resolveFrom } from "./sdk.mjs";

/** With it the SDK's runner says that the user has been told what failed already. */
const reportedExitCode = 32;

/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").RunRequest} RunRequest */
/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").RunResponse} RunResponse */

/**
 * @param {import("./sdk.mjs").Sdk} sdk
 * @param {string} engineAddress
 */
export function runProgram({ grpc, language }, engineAddress) {
  /**
   * @param {{ request: RunRequest, on(event: "cancelled", handler: () => void): void }} call
   * @param {(error: { code: number, message: string } | null, response?: RunResponse) => void} reply
   */
  return (call, reply) => {
    const response = new language.RunResponse();
    let program;
    try {
      program = start(call.request, engineAddress);
    } catch (error) {
      response.setError(error instanceof Error ? error.message : String(error));
      reply(null, response);
      return;
    }
    let cancelled = false;
    call.on("cancelled", () => {
      cancelled = true;
      void endProgram(program);
    });
    program.once("error", (error) => {
      response.setError(`node could not be started: ${error.message}`);
      reply(null, response);
    });
    program.once("exit", (code, signal) => {
      if (cancelled) {
        reply({ code: grpc.status.CANCELLED, message: "the program was ended because the engine cancelled it" });
        return;
      }
      if (code === reportedExitCode) response.setBail(true);
      else if (code !== 0) response.setError(`the program ended with ${signal ?? `exit code ${code}`}`);
      reply(null, response);
    });
  };
}

/** @param {RunRequest} request @param {string} engineAddress */
function start(request, engineAddress) {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine sent no program information; is it older than 3.259?");
  const folder = info.getProgramDirectory();
  const { typescript, nodeArguments } = readRuntimeOptions(info.getOptions()?.toJavaScript() ?? {});
  const runner = resolveFrom(folder, "@pulumi/pulumi/cmd/run");
  const program = resolve(folder, info.getEntryPoint());
  return startNode([...nodeArguments, runner, ...runnerArguments(request, engineAddress), program], {
    cwd: request.getPwd(),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
}

/** @param {RunRequest} request @param {string} engineAddress @returns {string[]} */
function runnerArguments(request, engineAddress) {
  const values = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    "root-directory": request.getInfo()?.getRootDirectory() ?? "",
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return [...given.flatMap(([name, value]) => [`--${name}`, value]), ...(request.getDryrun() ? ["--dry-run"] : [])];
}
