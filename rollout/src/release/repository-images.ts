/** Whether images are in their repositories (ECR). Import it when it is needed, for it loads the SDK. */
import { DescribeImagesCommand, ECRClient, type ImageDetail } from "@aws-sdk/client-ecr";
import { InvalidRequest } from "../layer-results.ts";
import { repositoryOutput, serviceOf, type Images, type ImageSetting } from "./service-images.ts";

/** Newest tags that a person is told when theirs is missing. */
const TOLD_TAGS = 5;

/** Where a repository is. */
export interface Repository {
  /** Account. */
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
}

/**
 * The parts of a repository's URL, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/proliferate-worker`.
 *
 * @throws InvalidRequest when it is none of ECR.
 */
export function repositoryOf(url: string): Repository {
  const [, registryId, region, repositoryName] = /^(\d+)\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/(.+)$/.exec(url) ?? [];
  if (registryId === undefined || region === undefined || repositoryName === undefined) {
    throw new InvalidRequest(`${url} is no repository of ECR.`);
  }
  return { registryId, region, repositoryName };
}

/** Where the images must be. */
export interface ImagePlace {
  readonly stack: string;
  /** Public outputs of the deployed services layer. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Makes sure that images can be pulled: a task whose image is missing is started over and over.
 *
 * @throws InvalidRequest that names all that are missing, the newest that are there, and the command that pushes one.
 */
export async function requireImages(images: Images, { stack, outputs }: ImagePlace): Promise<void> {
  const wanted = Object.entries(images) as [ImageSetting, string][];
  const faults = await Promise.all(
    wanted.map(async ([setting, image]) => {
      const url = outputs[repositoryOutput(setting)];
      const service = serviceOf(setting);
      if (typeof url !== "string") {
        return `${service} is not deployed in ${stack}: scripts/deploy-all.sh --stack ${stack}`;
      }
      const repository = repositoryOf(url);
      return (await hasImage(repository, image)) ? undefined : missingText(service, image, stack, repository);
    }),
  );
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) {
    throw new InvalidRequest(`Nothing was changed:\n  ${found.join("\n  ")}`);
  }
}

async function hasImage({ region, ...repository }: Repository, image: string): Promise<boolean> {
  const imageId = image.startsWith("sha256:") ? { imageDigest: image } : { imageTag: image };
  const client = new ECRClient({ region });
  try {
    const { imageDetails = [] } = await client.send(new DescribeImagesCommand({ ...repository, imageIds: [imageId] }));
    return imageDetails.length > 0;
  } catch (error) {
    if (error instanceof Error && error.name === "ImageNotFoundException") {
      return false;
    }
    throw new InvalidRequest(
      `ecr:DescribeImages on ${repository.repositoryName}: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    client.destroy();
  }
}

async function missingText(service: string, image: string, stack: string, repository: Repository): Promise<string> {
  const tags = await newestTags(repository);
  const there = tags.length === 0 ? "it has none with a tag" : `the newest there are ${tags.join(", ")}`;
  return [
    `${service} has no image ${image} in ${repository.repositoryName}; ${there}. This pushes one:`,
    `    scripts/push-image.sh ${service} <folder of the ${service}> --stack ${stack}`,
  ].join("\n");
}

async function newestTags({ region, ...repository }: Repository): Promise<readonly string[]> {
  const client = new ECRClient({ region });
  try {
    // The repository's lifecycle keeps few, so they fit into one page.
    const { imageDetails = [] } = await client.send(new DescribeImagesCommand({ ...repository, maxResults: 1000 }));
    return imageDetails
      .toSorted((one, other) => pushedAt(other) - pushedAt(one))
      .flatMap(({ imageTags = [] }) => imageTags)
      .slice(0, TOLD_TAGS);
  } finally {
    client.destroy();
  }
}

function pushedAt({ imagePushedAt }: ImageDetail): number {
  return imagePushedAt?.getTime() ?? 0;
}
