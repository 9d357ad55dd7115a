/** `rollout release`: writes new images into the settings, then deploys and verifies services, under one lock. */
import { openConfiguration } from "../../settings/environment-settings.ts";
import { deploy } from "../../run/deploy.ts";
import { preflight } from "../../checks/preflight.ts";
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, messageOf, UserError } from "@proliferate-infra/backend/errors";
import { Ledger } from "../../history/ledger.ts";
import { migratingEnvironment } from "../../run/migrating.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { consent } from "../../terminal/consent.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../../terminal/say.ts";
import type { CommonOptions } from "../../options.ts";
import { withSignals } from "../../terminal/signals.ts";
import { deployedOutputs } from "./deployed-outputs.ts";
import { imagesBefore } from "./images-before.ts";
import type { RunningService } from "../../aws/running-images.ts";
import { changesText, failedText, releasedText, rollbackText } from "./texts.ts";
import {
  configuredImages,
  differing,
  imagesIn,
  requestedImages,
  type Images,
  type ImageSetting,
} from "../../model/service-images.ts";

export interface ReleaseOptions extends CommonOptions {
  /** Deploy the images of the last successful deployment that had others. */
  readonly rollback?: boolean;
  /** Migrate the database before the services change. */
  readonly migrate?: boolean;
}

/** Runs in which a rollback looks for other images, from the last one back. */
const SEARCHED_RUNS = 50;

/** Checks, asks, sets the images, deploys services. Returns the exit code. */
export async function release(args: readonly string[], options: ReleaseOptions): Promise<number> {
  const { stack } = options;
  const requested = requestedImages(args);
  if ((options.rollback === true) === args.length > 0) {
    throw new UserError("Give either images as SERVICE=TAG, or --rollback.");
  }
  const found = findEnvironment(repositoryRoot, stack, process.env);
  const environment = options.migrate === true ? migratingEnvironment(repositoryRoot, found, ["services"]) : found;
  const configuration = openConfiguration(repositoryRoot, stack, { env: process.env, say });
  const services = (await configuration.read()).find(({ layer }) => layer === "services");
  const before = services === undefined ? {} : configuredImages(services);
  const outputs = await deployedOutputs(environment);
  const after = options.rollback === true ? await earlierImages(environment, before) : { ...before, ...requested };
  const changed = differing(before, after);
  const { requireImages } = await import("./repository-images.ts");
  await requireImages(only(changed, after), { stack, outputs });
  await preflight("deploy", { root: repositoryRoot, environment, layers: ["services"], env: process.env }, say);
  say(changed.length > 0 ? changesText(before, after) : "The settings have these images already.");
  if (!(await consent("release", `Deploy services of ${stack} with these images?`, options.yes))) {
    return ExitCode.done;
  }
  const { exitCode } = await withSignals((interruption) =>
    deploy({
      ...{ environment, options, interruption },
      layers: ["services"],
      pipelined: false,
      risks: "warn",
      changeSettings: async () => {
        await configuration.change(() => new Map(changed.map((key) => [key, after[key]])));
      },
    }),
  );
  const isDone = exitCode === ExitCode.done;
  say(`\n${isDone ? releasedText(before, after, stack) : failedText(await whatRuns(environment), stack)}`);
  return exitCode;
}

async function earlierImages({ stack, state }: Environment, current: Images): Promise<Images> {
  const runs = await withObjectStore(state, (store) => new Ledger(store, stack).runs(SEARCHED_RUNS));
  const earlier = imagesBefore(runs, current, stack);
  say(rollbackText(earlier));
  return earlier.images;
}

function only(settings: readonly ImageSetting[], images: Images): Images {
  return imagesIn(Object.fromEntries(settings.map((key) => [key, images[key]] as const)));
}

/** An error of AWS becomes a text, because it must not hide why the release failed. */
async function whatRuns(environment: Environment): Promise<readonly RunningService[] | string> {
  try {
    const { runningServices } = await import("../../aws/running-images.ts");
    const { clusterName } = await deployedOutputs(environment);
    return await runningServices(String(clusterName), environment.facts?.region);
  } catch (error) {
    return messageOf(error);
  }
}
