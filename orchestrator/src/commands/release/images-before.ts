/** Where a release goes back to: the images of the last good deployment of services that had others. Pure. */
import { UserError } from "@proliferate-infra/backend/errors";
import type { RunRecord } from "../../history/records.ts";
import { differing, imagesIn, type Images } from "../../model/service-images.ts";

/** Images of an earlier good deployment. */
export interface EarlierImages {
  readonly images: Images;
  /** Run that deployed them. */
  readonly runId: string;
  /** When it began, as ISO 8601. */
  readonly startedAt: string;
}

/**
 * The newest good deployment in `runs`, newest first, with images other than `current`. After a failed release these are
 * the images before it; after a good one, those that it replaced.
 *
 * @throws UserError when there is none.
 */
export function imagesBefore(runs: readonly RunRecord[], current: Images, stack: string): EarlierImages {
  for (const { layers, runId, startedAt } of runs.filter(({ command }) => command === "up")) {
    const kept = layers.find(({ layer }) => layer === "services")?.images;
    const images = kept && imagesIn(kept);
    if (images !== undefined && differing(images, current).length > 0) {
      return { images, runId, startedAt };
    }
  }
  throw new UserError(
    `The last ${runs.length} runs on ${stack} have no good deployment with other images, so there is nothing to go back to. ` +
      `Name the images instead: scripts/release.sh --stack ${stack} SERVICE=TAG`,
  );
}
