#!/usr/bin/env node
/** The command line: what there is. Each command's code is loaded when it runs, so that --help answers at once. */
import "@proliferate-infra/shared/program/compile-cache";
import { Command, type CommanderError } from "commander";
import { configureCommand } from "./commands/configure/configure.ts";
import type { DestroyOptions } from "./commands/destroy.ts";
import type { DoctorOptions } from "./commands/doctor.ts";
import type { DriftOptions } from "./commands/drift.ts";
import type { HistoryOptions } from "./commands/history.ts";
import { ExitCode, PrintedError } from "@proliferate-infra/backend/errors";
import { localCommand } from "./commands/local/local.ts";
import type { PreviewOptions } from "./commands/preview.ts";
import type { PushImageOptions } from "./commands/release/push-image.ts";
import type { ReleaseOptions } from "./commands/release/release.ts";
import type { CommonOptions } from "./options.ts";
import type { RotateOptions } from "./commands/rotate/rotate.ts";
import type { LoginOptions } from "./commands/login.ts";
import type { SetupOptions } from "./commands/setup/setup.ts";
import type { StatusOptions } from "./commands/status.ts";
import type { UnlockOptions } from "./commands/unlock.ts";
import type { UpOptions } from "./commands/up.ts";

/** A wrong command line ends like any other invalid request; --help is none. */
function endInvalid({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? ExitCode.done : ExitCode.invalid);
}

/** A command on one environment. */
function environmentCommand(name: string, description: string): Command {
  return new Command(name)
    .exitOverride(endInvalid)
    .description(description)
    .requiredOption("--stack <name>", "stack name in all layers, such as prod")
    .option("--json", "one JSON document on standard output");
}

/** A command on some layers of an environment. */
function stackCommand(name: string, description: string): Command {
  return environmentCommand(name, description)
    .option("--only <layers>", "these layers, separated by commas")
    .option("--from <layer>", "this layer and those after it");
}

/** A command that runs layers and reports. */
function runCommand(name: string, description: string): Command {
  return stackCommand(name, description).option(
    "--report <folder>",
    "write report.json, report.md and report.html there",
  );
}

/** Gathers the values of an option that may be repeated. */
function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

const program = new Command("rollout")
  .exitOverride(endInvalid)
  .description("Deploys the layers network, data, secrets and services in order.");

program.addCommand(
  runCommand("up", "deploy the layers in order; stop at the first failure")
    .option("--yes", "do not ask")
    .option("--resume", "go on where the last run stopped")
    .option("--lock-timeout <time>", "how long to wait for another run, such as 10m")
    .option("--pipelined", "run layers at the same time, as where nothing is protected; each waits for single outputs")
    .option("--no-pipelined", "run one layer after another, as where resources are protected")
    .option("--migrate", "migrate the database before services change")
    .option("--allow-replace <urn>", "let this stateful resource be replaced or deleted; may be repeated", collect)
    .option("--force", "run layers too that are as their last good deployment left them")
    .action(async (options: UpOptions) => finish((await import("./commands/up.ts")).up(options))),
);
program.addCommand(
  runCommand("preview", "show what up would do in all layers, also before their first deployment")
    .option("--expect-no-changes", "exit code 2 when up would change something")
    .option("--force", "preview layers too that are as their last good deployment left them")
    .action(async (options: PreviewOptions) => finish((await import("./commands/preview.ts")).preview(options))),
);
program.addCommand(
  runCommand("destroy", "delete the layers in reverse order")
    .option("--yes", "do not ask; needs --confirm")
    .option("--lock-timeout <time>", "how long to wait for another run, such as 10m")
    .option("--confirm <name>", "the stack's name once more")
    .action(async (options: DestroyOptions) => finish((await import("./commands/destroy.ts")).destroy(options))),
);
program.addCommand(
  environmentCommand("rotate", "give secrets new values and deploy what reads them")
    .argument("[keys...]", "keys of the secrets, such as anthropicApiKey")
    .option("--generate", "make the new values up")
    .option("--file <file>", "take the new value from there, not from standard input; of several keys a JSON object")
    .option("--accept <loss>", "what may be lost for good, in the words of a refusal; may be repeated", collect)
    .option("--back", "go back to the values before the last rotation")
    .option("--yes", "do not ask")
    .option("--lock-timeout <time>", "how long to wait for another run, such as 10m")
    .option("--report <folder>", "write report.json, report.md and report.html there")
    .action(async (keys: readonly string[], options: RotateOptions) =>
      finish((await import("./commands/rotate/rotate.ts")).rotate(keys, options)),
    ),
);
program.addCommand(
  environmentCommand("push-image", "build an image, or take a local one, and push it into a service's repository")
    .argument("<service>", "gateway, llm-proxy or worker")
    .argument("<source>", "a folder with a Dockerfile, or a local image")
    .option("--tag <tag>", "tag in the repository; the folder's commit when left out")
    .action(async (service: string, source: string, options: PushImageOptions) =>
      finish((await import("./commands/release/push-image.ts")).pushImage(service, source, options)),
    ),
);
program.addCommand(
  environmentCommand("release", "run other images: set them, deploy services, verify")
    .argument("[images...]", "as SERVICE=TAG, with a tag or a digest, such as gateway=v2")
    .option("--rollback", "go back to the images of the last good deployment that had others")
    .option("--migrate", "migrate the database before services change")
    .option("--yes", "do not ask")
    .option("--lock-timeout <time>", "how long to wait for another run, such as 10m")
    .option("--report <folder>", "write report.json, report.md and report.html there")
    .action(async (images: readonly string[], options: ReleaseOptions) =>
      finish((await import("./commands/release/release.ts")).release(images, options)),
    ),
);
program.addCommand(
  environmentCommand("migrate", "migrate the database with the deployed image of the gateway")
    .option("--yes", "do not ask")
    .option("--lock-timeout <time>", "how long to wait for another run, such as 10m")
    .action(async (options: CommonOptions) => finish((await import("./commands/migrate.ts")).migrate(options))),
);
program.addCommand(
  runCommand("drift", "compare all layers with AWS, the code and each other; change nothing")
    .option("--expect-no-changes", "exit code 2 when something differs")
    .action(async (options: DriftOptions) => finish((await import("./commands/drift.ts")).drift(options))),
);
program.addCommand(
  stackCommand("doctor", "everything that would stop a deployment, with what fixes it").action(
    async (options: DoctorOptions) => finish((await import("./commands/doctor.ts")).doctor(options)),
  ),
);
program.addCommand(
  environmentCommand("status", "how each layer stands, and why a deployment would run it").action(
    async (options: StatusOptions) => finish((await import("./commands/status.ts")).status(options)),
  ),
);
program.addCommand(
  environmentCommand("history", "the last runs, newest first")
    .option("--limit <number>", "how many", "20")
    .action(async (options: HistoryOptions) => finish((await import("./commands/history.ts")).history(options))),
);
program.addCommand(
  environmentCommand("unlock", "release the lock of a dead run")
    .requiredOption("--run <id>", "id of the run that holds it; rollout status tells")
    .option("--force", "also when that run gave a heartbeat less than a minute ago")
    .action(async (options: UnlockOptions) =>
      finish((await import("./commands/unlock.ts")).unlockEnvironment(options)),
    ),
);
program.addCommand(
  stackCommand("outputs", "print what the layers export, without secrets").action(async (options: CommonOptions) =>
    finish((await import("./commands/outputs.ts")).outputs(options)),
  ),
);

program.addCommand(
  stackCommand("policy", "whether what is deployed keeps to the rules of policy/; changes nothing").action(
    async (options: CommonOptions) => finish((await import("./commands/policy.ts")).policy(options)),
  ),
);

program.addCommand(
  environmentCommand("setup", "make state bucket, lock table, key and stacks of an environment; safe to repeat")
    .option("--region <region>", "AWS region of state and environment")
    .option("--file <folder>", "keep the state in a folder of this machine, without AWS")
    .option("--yes", "do not ask")
    .option("--print-iam", "only print IAM policies of a preview and a deploy role")
    .action(async (options: SetupOptions) => finish((await import("./commands/setup/setup.ts")).setup(options))),
);
program.addCommand(configureCommand(finish, endInvalid));
program.addCommand(
  environmentCommand("login", "log plain pulumi in to the state of an environment")
    .option("--url <url>", "the state URL, where the environment has no file")
    .action(async (options: LoginOptions) => finish((await import("./commands/login.ts")).login(options))),
);

program.addCommand(
  new Command("graph")
    .exitOverride(endInvalid)
    .description("the layers, with the outputs that flow between them")
    .option("--format <format>", "mermaid, dot or svg", "mermaid")
    .action(async (options: { readonly format: string }) =>
      finish((await import("./commands/graph.ts")).graph(options)),
    ),
);
program.addCommand(localCommand());

async function finish(command: Promise<number>): Promise<void> {
  process.exitCode = await command;
}

// A reader that leaves, such as `| head`, must not end a run in the middle.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof PrintedError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
