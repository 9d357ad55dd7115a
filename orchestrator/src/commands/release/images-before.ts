/** Images for a rollback: those of the last successful deployment of services that had others. Pure. */
import { UserError } from "@proliferate-infra/backend/errors";
import type { RunRecord } from "../../history/records.ts";
import { differing, imagesIn, type Images } from "../../model/service-images.ts";

/** Images of an earlier successful deployment. */
export interface EarlierImages {
  readonly images: Images;
  readonly runId: string;
  /** Start of that run, as ISO 8601. */
  readonly startedAt: string;
}

/**
 * The newest successful deployment in `runs` (newest first) with images other than `current`. After a failed release these are
 * the images before it; after a successful one, those that it replaced.
 *
 * @throws UserError when there is none.
 */
export function imagesBefore(runs: readonly RunRecord[], current: Images, stack: string): EarlierImages {
  for (const { layers, runId, startedAt } of runs.filter(({ command }) => command === "up")) {
    const recorded = layers.find(({ layer }) => layer === "services")?.images;
    const images = recorded && imagesIn(recorded);
    if (images !== undefined && differing(images, current).length > 0) {
      return { images, runId, startedAt };
    }
  }
  throw new UserError(
    `The last ${runs.length} runs on ${stack} include no successful deployment with other images, so a rollback is not possible. ` +
      `Name the images instead: scripts/release.sh --stack ${stack} SERVICE=TAG`,
  );
}
