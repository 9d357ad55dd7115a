/** Texts of a release. Pure. */
import type { EarlierImages } from "./images-before.ts";
import type { RunningService } from "../../aws/running-images.ts";
import { differing, serviceOf, type Images } from "../../model/service-images.ts";

/** The images that change, one line for each service. */
export function changesText(before: Images, after: Images): string {
  return differing(before, after)
    .map((setting) => {
      const was = before[setting] ?? "no image";
      const becomes = after[setting] ?? "no image, which is zero tasks";
      return `  ${`${serviceOf(setting)}:`.padEnd(10)} ${was} -> ${becomes}`;
    })
    .join("\n");
}

/** Which run a rollback takes the images of; printed above the changes. */
export function rollbackText({ runId, startedAt }: EarlierImages): string {
  return `Rollback to the images of run ${runId}, which began at ${startedAt}. No other setting changes.`;
}

/** Printed after a successful release. */
export function releasedText(before: Images, after: Images, stack: string): string {
  return [
    "Released:",
    changesText(before, after),
    `It changed the settings in stacks/services/Pulumi.${stack}.yaml; commit them if that file is in git.`,
    `To roll back: scripts/release.sh --stack ${stack} --rollback`,
  ].join("\n");
}

/** Printed after a failed release: what runs, or why that is not known, and the commands to go on or roll back. */
export function failedText(running: readonly RunningService[] | string, stack: string): string {
  return [
    ...runningLines(running),
    "The settings have the images of this release. To deploy it again when the cause of the failure is fixed:",
    `  scripts/deploy-all.sh --stack ${stack} --only services`,
    "To roll back to the images of the last successful deployment:",
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
