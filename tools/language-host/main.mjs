/**
 * A Node.js language host for the Pulumi engine, over the gRPC stubs of the program's own SDK. Pulumi's own host only
 * comes with the official download of the CLI; this one stands in where the CLI was built from its Go module.
 *
 * The engine starts `pulumi-language-nodejs ENGINE_ADDRESS` in the project's folder, reads the port from the first line
 * of stdout, and keeps stdin open as long as it lives.
 */
import { endAllPrograms } from "./child-programs.mjs";
import { answerQuestions } from "./questions.mjs";
import { runPlugin } from "./run-plugin.mjs";
import { runProgram } from "./run-program.mjs";
import { loadSdk } from "./sdk.mjs";

const sdk = loadSdk(process.cwd());
const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (engineAddress === undefined) throw new Error("usage: pulumi-language-nodejs ENGINE_ADDRESS");

const server = new sdk.grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(sdk.languageService, {
  ...answerQuestions(sdk),
  run: runProgram(sdk, engineAddress),
  runPlugin: runPlugin(sdk),
});
server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});

// The engine ends its hosts with a signal; when it dies without one, only its end of stdin closes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, leave);
process.stdin.once("close", leave).once("end", leave).resume();

let leaving = false;

/** Programs first, then this host: a program without an engine must not go on changing things. */
async function leave() {
  if (leaving) return;
  leaving = true;
  await endAllPrograms();
  server.forceShutdown();
  process.exit(0);
}
