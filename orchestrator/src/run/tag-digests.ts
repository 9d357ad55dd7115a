/** Images that are deployed by digest get a tag, because only tags keep an image from being deleted by its repository. */
import { digestTag } from "@proliferate-infra/shared/aws/image-lifecycle";
import { messageOf } from "@proliferate-infra/backend/errors";
import { EngineFailure, type EngineOperation } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";
import { serviceOf, type Images, type ImageSetting } from "../model/service-images.ts";
import { repositoryOf, type Repository } from "../aws/repository.ts";
import { serviceKey } from "@proliferate-infra/shared/services";

export interface DigestTagging {
  /** Images that are to be deployed, as configured. */
  readonly images: () => Images;
  /** Outputs of services before the deployment. */
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  readonly tag: (repository: Repository, digest: string, tag: string) => Promise<void>;
}

/** Returns `deploy` for all layers but services, before which it tags images. Throws EngineFailure when AWS refuses that. */
export function taggingDigests(deploy: EngineOperation, { images, outputs, tag }: DigestTagging): EngineOperation {
  return async (layer, onProgress) => {
    const digests =
      layer === "services" ? Object.entries(images()).filter(([, image]) => image.startsWith("sha256:")) : [];
    if (digests.length > 0) {
      const deployed = await outputs();
      const tagged = digests.map(async ([setting, digest]) => {
        const url = deployed[`${serviceKey(serviceOf(setting as ImageSetting))}RepositoryUrl`];
        // Before its first deployment, a service has no repository.
        if (typeof url === "string") {
          await tag(repositoryOf(url), digest, digestTag(digest));
        }
      });
      await Promise.all(tagged).catch((error: unknown) => {
        const reason = `An image that is deployed by digest could not be tagged, so its repository would delete it. ${messageOf(error)}`;
        throw new EngineFailure(reason, { changes: NO_CHANGES, resources: [], interrupted: false });
      });
    }
    return deploy(layer, onProgress);
  };
}
