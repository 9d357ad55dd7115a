/** Checks that images are in their repositories. Import it when it is needed, because it loads the SDK. */
import { UserError } from "@proliferate-infra/backend/errors";
import { digestOf, newestTags } from "../../aws/ecr.ts";
import { repositoryFor, type Repository } from "../../aws/repository.ts";
import { serviceOf, type Images, type ImageSetting } from "../../model/service-images.ts";

/** The environment whose repositories must have the images. */
export interface ImagePlace {
  readonly stack: string;
  /** Public outputs of the deployed services layer. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Makes sure that ECS can pull the images: it would start a task without an image again and again.
 *
 * @throws UserError with all missing images, the newest tags that there are, and the command that pushes an image.
 */
export async function requireImages(images: Images, { stack, outputs }: ImagePlace): Promise<void> {
  const wanted = Object.entries(images) as [ImageSetting, string][];
  const faults = await Promise.all(
    wanted.map(async ([setting, image]) => {
      const service = serviceOf(setting);
      const repository = repositoryFor(service, outputs, stack);
      const digest = await digestOf(repository, image);
      return digest === undefined ? missingText(service, image, stack, repository) : undefined;
    }),
  );
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) {
    throw new UserError(`Nothing was changed:\n  ${found.join("\n  ")}`);
  }
}

async function missingText(service: string, image: string, stack: string, repository: Repository): Promise<string> {
  const tags = await newestTags(repository);
  const there = tags.length === 0 ? "it has no image with a tag" : `its newest tags are ${tags.join(", ")}`;
  return [
    `${service} has no image ${image} in ${repository.repositoryName}; ${there}. This pushes one:`,
    `    scripts/push-image.sh ${service} <folder of the ${service}> --stack ${stack}`,
  ].join("\n");
}
