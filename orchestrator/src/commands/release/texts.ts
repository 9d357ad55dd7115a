/** What a person reads before and after a release. Pure. */
import type { EarlierImages } from "./images-before.ts";
import type { RunningService } from "../../aws/running-images.ts";
import { differing, serviceOf, type Images } from "../../model/service-images.ts";

/** What changes, a line for each service. */
export function changesText(before: Images, after: Images): string {
  return differing(before, after)
    .map((setting) => {
      const was = before[setting] ?? "no image";
      const becomes = after[setting] ?? "no image, which is zero tasks";
      return `  ${`${serviceOf(setting)}:`.padEnd(10)} ${was} -> ${becomes}`;
    })
    .join("\n");
}

/** Where a rollback goes, above the changes. */
export function rollbackText({ runId, startedAt }: EarlierImages): string {
  return `Back to the images of run ${runId}, which began at ${startedAt}. All other settings stay as they are.`;
}

/** After a release that ended well. */
export function releasedText(before: Images, after: Images, stack: string): string {
  return [
    "Released:",
    changesText(before, after),
    `The settings in stacks/services/Pulumi.${stack}.yaml have changed with it; commit them if that file is in git.`,
    `To go back: scripts/release.sh --stack ${stack} --rollback`,
  ].join("\n");
}

/** After a release that failed: what runs, or why that is not known, and the commands that go on or back. */
export function failedText(running: readonly RunningService[] | string, stack: string): string {
  return [
    ...runningLines(running),
    "The settings have the images of this release. When what failed is fixed, go on with:",
    `  scripts/deploy-all.sh --stack ${stack} --only services`,
    "Or go back to the images of the last good deployment:",
    `  scripts/release.sh --stack ${stack} --rollback`,
  ].join("\n");
}

function runningLines(running: readonly RunningService[] | string): readonly string[] {
  if (typeof running === "string") {
    return [`What runs now could not be read: ${running}`];
  }
  return running.length > 0 ? ["What runs now:", ...running.map(runningText)] : ["No service runs."];
}

function runningText({ name, image, taskDefinition, running, desired }: RunningService): string {
  return `  ${name}: ${image} (${taskDefinition}), ${running} of ${desired} tasks`;
}
