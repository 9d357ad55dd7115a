/**
 * Runs a server and ends it when standard input ends, hence also when the process that started this one was killed.
 *
 * usage: node end-with-parent.mjs '{"program": "...", "args": [], "uid": 65534, "gid": 65534}'
 */
import { spawn } from "node:child_process";

const { program, args, uid, gid } = JSON.parse(process.argv[2] ?? "");
const server = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], uid, gid });
server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
server.on("exit", (code) => process.exit(code ?? 1));
// Postgres and Valkey both end on SIGINT without waiting for their clients.
process.stdin.resume().on("end", () => server.kill("SIGINT"));
