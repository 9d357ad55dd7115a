import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type * as languagePb from "@pulumi/pulumi/proto/language_pb.js";
import { readRuntimeOptions, splitWords } from "@proliferate-infra/tools/language-host/runtime-options.mjs";
import { temporaryFolder } from "./support/set-up-context.ts";

const host = fileURLToPath(new URL("../../tools/language-host/main.mjs", import.meta.url));
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const require = createRequire(realpathSync(join(modules, "@pulumi/pulumi/package.json")));
const language = require("./proto/language_pb.js") as typeof languagePb;

describe("the language host's runtime options", () => {
  it("are typescript, true unless said otherwise, and arguments for node", () => {
    expect(readRuntimeOptions({})).to.deep.equal({ typescript: true, nodeArguments: [] });
    expect(readRuntimeOptions({ typescript: false, nodeargs: "--inspect --title 'a b'" })).to.deep.equal({
      typescript: false,
      nodeArguments: ["--inspect", "--title", "a b"],
    });
  });

  it("are refused when they would be ignored silently", () => {
    expect(() => readRuntimeOptions({ tsconfig: "x" })).to.throw("no runtime option tsconfig");
    expect(() => readRuntimeOptions({ typescript: "false" })).to.throw("must be true or false");
  });

  it("split at blanks outside of quotes", () => {
    expect(splitWords(`  one "two words" 'three  too' --x=y `)).to.deep.equal([
      "one",
      "two words",
      "three  too",
      "--x=y",
    ]);
  });
});

describe("the language host", function () {
  this.timeout(30_000);
  let folder: ReturnType<typeof temporaryFolder>;
  let running: ChildProcess | undefined;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    if (running?.exitCode === null) {
      const ended = once(running, "close");
      running.kill("SIGKILL");
      await ended;
    }
    folder.remove();
  });

  interface Started {
    readonly child: ChildProcess;
    readonly errors: () => string;
    /** Calls one of the engine's procedures. */
    readonly call: <Response>(name: string, request: object) => Promise<Response>;
  }

  /** Starts the host in the folder as the engine does, and connects to the port that it prints. */
  async function start(): Promise<Started> {
    const child = spawn(process.execPath, [host, "127.0.0.1:1"], { cwd: folder.path });
    running = child;
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const [port] = (await Promise.race([once(child.stdout, "data"), once(child, "close")])) as [Buffer | number];
    const grpc = require("@grpc/grpc-js") as { credentials: { createInsecure(): object } };
    const { LanguageRuntimeClient } = require("./proto/language_grpc_pb.js") as {
      LanguageRuntimeClient: new (address: string, credentials: object) => Record<string, Procedure>;
    };
    type Procedure = (request: object, done: (error: Error | null, response: unknown) => void) => void;
    const client = new LanguageRuntimeClient(`127.0.0.1:${port.toString().trim()}`, grpc.credentials.createInsecure());
    return {
      child,
      errors: () => errors,
      call: <Response>(name: string, request: object) =>
        new Promise<Response>((resolve, reject) => {
          client[name]?.(request, (error, response) => {
            if (error === null) resolve(response as Response);
            else reject(error);
          });
        }),
    };
  }

  /** A folder with the SDK installed, where the host is started; and a project there, whose SDK has this runner. */
  function writeProject(runner: string): void {
    symlinkSync(modules, join(folder.path, "node_modules"));
    const sdk = join(folder.path, "project/node_modules/@pulumi/pulumi");
    mkdirSync(join(sdk, "cmd/run"), { recursive: true });
    writeFileSync(join(sdk, "package.json"), JSON.stringify({ name: "@pulumi/pulumi" }));
    writeFileSync(join(sdk, "cmd/run/index.js"), runner);
  }

  function runRequest(options: Record<string, string | boolean> = { typescript: false }): languagePb.RunRequest {
    const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js") as {
      Struct: { fromJavaScript(value: object): never };
    };
    const info = new language.ProgramInfo();
    const project = join(folder.path, "project");
    info.setRootDirectory(project);
    info.setProgramDirectory(project);
    info.setEntryPoint(".");
    info.setOptions(Struct.fromJavaScript(options));
    const request = new language.RunRequest();
    request.setInfo(info);
    request.setPwd(project);
    request.getConfigMap().set("project:key", "value");
    request.setDryrun(true);
    request.setProject("project");
    request.setStack("stack");
    request.setMonitorAddress("127.0.0.1:1");
    return request;
  }

  it("reports a missing SDK", async () => {
    mkdirSync(join(folder.path, "node_modules"));
    const { child, errors } = await start();
    expect(child.exitCode).to.not.equal(0);
    expect(errors()).to.contain("@pulumi/pulumi/package.json is not installed for").and.to.contain("run pnpm install");
  });

  it("answers the engine's requests", async () => {
    writeProject("");
    const { call } = await start();
    await call("handshake", new language.LanguageHandshakeRequest());
    const about = await call<languagePb.AboutResponse>("about", new language.AboutRequest());
    expect(about.getVersion()).to.equal(process.version);
    const packages = await call<languagePb.GetRequiredPackagesResponse>(
      "getRequiredPackages",
      new language.GetRequiredPackagesRequest(),
    );
    expect(packages.getPackagesList()).to.deep.equal([]);
  });

  it("starts the program's own SDK with the engine's request", async () => {
    writeProject(`require("fs").writeFileSync("seen.json", JSON.stringify({
      arguments: process.argv.slice(2), typescript: process.env.PULUMI_NODEJS_TYPESCRIPT, config: process.env.PULUMI_CONFIG,
    }))`);
    const { call } = await start();
    const response = await call<languagePb.RunResponse>("run", runRequest());
    expect(response.getError()).to.equal("");
    const project = join(folder.path, "project");
    const seen = JSON.parse(readFileSync(join(project, "seen.json"), "utf8")) as Record<string, unknown>;
    expect(seen.typescript).to.equal("false");
    expect(seen.config).to.equal('{"project:key":"value"}');
    expect((seen.arguments as string[]).join(" ")).to.equal(
      `--monitor 127.0.0.1:1 --engine 127.0.0.1:1 --project project --stack stack --root-directory ${project} ` +
        `--pwd ${project} --parallel 0 --dry-run ${project}`,
    );
  });

  for (const [how, runner, error, bail] of [
    ["with a fault of its own", "process.exit(3)", "the program ended with exit code 3", false],
    ["with a fault that it reported itself", "process.exit(32)", "", true],
    ["by a signal", 'process.kill(process.pid, "SIGKILL")', "the program ended with SIGKILL", false],
  ] as const) {
    it(`reports a program that ends ${how}`, async () => {
      writeProject(runner);
      const { call } = await start();
      const response = await call<languagePb.RunResponse>("run", runRequest());
      expect([response.getError(), response.getBail()]).to.deep.equal([error, bail]);
    });
  }

  it("passes node's arguments on", async () => {
    writeProject(`process.exit(process.execArgv.includes("--no-warnings") ? 5 : 6);`);
    const { call } = await start();
    const request = runRequest({ typescript: false, nodeargs: "--no-warnings" });
    expect((await call<languagePb.RunResponse>("run", request)).getError()).to.contain("exit code 5");
  });

  it("reports an unknown runtime option as an error of the program", async () => {
    writeProject("");
    const { call } = await start();
    const response = await call<languagePb.RunResponse>("run", runRequest({ tsconfig: "x.json" }));
    expect(response.getError()).to.contain("no runtime option tsconfig");
  });

  it("stops with its programs when the engine closes stdin", async () => {
    writeProject(`console.log("pid " + process.pid); setInterval(() => {}, 1000);`);
    const { child, call } = await start();
    const output = once(child.stdout ?? child, "data") as Promise<[Buffer]>;
    const run = call("run", runRequest()).catch(() => undefined);
    const pid = Number(/pid (\d+)/.exec((await output)[0].toString())?.[1]);
    const ended = once(child, "close");
    child.stdin?.end();
    await ended;
    await run;
    expect(child.exitCode).to.equal(0);
    expect(() => process.kill(pid, 0)).to.throw("ESRCH");
  });
});
