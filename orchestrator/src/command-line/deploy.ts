/** Commands that show or make changes. The code of each is loaded when it runs, so that --help answers at once. */
import type { Command } from "commander";
import type { DestroyOptions } from "../commands/destroy.ts";
import type { PreviewOptions } from "../commands/preview.ts";
import type { PushImageOptions } from "../commands/release/push-image.ts";
import type { ReleaseOptions } from "../commands/release/release.ts";
import type { UpOptions } from "../commands/up.ts";
import {
  collect,
  environmentCommand,
  finish,
  layersCommand,
  withLockTimeout,
  withMigrate,
  withReport,
  withRunOptions,
  withYes,
} from "./options.ts";

/** The commands of this group. */
export function deployCommands(): readonly Command[] {
  return [
    withReport(layersCommand("preview", "show what up would do in all layers, also before their first deployment"))
      .option("--expect-no-changes", "exit code 2 when up would change something")
      .option("--force", "preview layers too that are up to date")
      .action(async (options: PreviewOptions) => finish((await import("../commands/preview.ts")).preview(options))),
    withMigrate(withRunOptions(layersCommand("up", "deploy the layers in order; stop at the first failure")))
      .option("--resume", "continue where the last run stopped")
      .option("--pipelined", "run layers at the same time; the default where no resource is protected")
      .option("--no-pipelined", "run one layer after another; the default where resources are protected")
      .option("--allow-replace <urn>", "let this stateful resource be replaced or deleted; may be repeated", collect)
      .option("--allow-upgrade", "upgrade Postgres to another major version, after a snapshot")
      .option("--force", "run layers too that are up to date")
      .action(async (options: UpOptions) => finish((await import("../commands/up.ts")).up(options))),
    environmentCommand("push-image", "build an image, or take a local one, and push it into a service's repository")
      .argument("<service>", "gateway, llm-proxy or worker")
      .argument("<source>", "a folder with a Dockerfile, or a local image")
      .option("--tag <tag>", "tag in the repository; the folder's commit when left out")
      .action(async (service: string, source: string, options: PushImageOptions) =>
        finish((await import("../commands/release/push-image.ts")).pushImage(service, source, options)),
      ),
    withMigrate(withRunOptions(environmentCommand("release", "run other images: set them, deploy services, verify")))
      .argument("[images...]", "as SERVICE=TAG, with a tag or a digest, such as gateway=v2")
      .option("--rollback", "go back to the images of the last good deployment that had others")
      .action(async (images: readonly string[], options: ReleaseOptions) =>
        finish((await import("../commands/release/release.ts")).release(images, options)),
      ),
    withLockTimeout(
      withYes(
        withReport(layersCommand("destroy", "delete the layers in reverse order")),
        "do not ask; needs --confirm",
      ),
    )
      .option("--confirm <name>", "the stack's name once more")
      .action(async (options: DestroyOptions) => finish((await import("../commands/destroy.ts")).destroy(options))),
  ];
}
