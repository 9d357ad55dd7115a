/**
 * Reads images by tag or digest from ECR, and gets logins. All functions throw AwsCallFailed. Import it when it is needed,
 * because it loads the SDK.
 */
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ImageNotFoundException,
  PutImageCommand,
  type DescribeImagesCommandInput,
  type ImageDetail,
} from "@aws-sdk/client-ecr";
import { AwsCallFailed, callAws } from "@proliferate-infra/backend/aws/call";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { UserError } from "@proliferate-infra/backend/errors";
import type { Repository } from "./repository.ts";

/** Most tags that `newestTags` returns: they are for a message. */
const MAX_TAGS_SHOWN = 5;

/** Digest of the image with that tag or digest; undefined when the repository has no such image. */
export async function digestOf(repository: Repository, image: string): Promise<string | undefined> {
  const imageId = image.startsWith("sha256:") ? { imageDigest: image } : { imageTag: image };
  try {
    const [found] = await describeImages(repository, { imageIds: [imageId] });
    return found?.imageDigest;
  } catch (error) {
    if (error instanceof AwsCallFailed && error.cause instanceof ImageNotFoundException) {
      return undefined;
    }
    throw error;
  }
}

/** Gives an image another tag, unless it has that tag, or the repository does not have the image. */
export async function tagImage(repository: Repository, imageDigest: string, imageTag: string): Promise<void> {
  // Tags cannot be moved, so that the tag is on this image.
  if ((await digestOf(repository, imageTag)) !== undefined) {
    return;
  }
  const { region, registryId, repositoryName } = repository;
  const place = { registryId, repositoryName };
  await withAwsClient(ECRClient, { region }, async (ecr) => {
    const wanted = new BatchGetImageCommand({ ...place, imageIds: [{ imageDigest }] });
    const { images: [image] = [] } = await callAws("ecr:BatchGetImage", () => ecr.send(wanted));
    if (image === undefined) {
      return;
    }
    const { imageManifest, imageManifestMediaType } = image;
    const tagged = new PutImageCommand({ ...place, imageDigest, imageTag, imageManifest, imageManifestMediaType });
    await callAws("ecr:PutImage", () => ecr.send(tagged));
  });
}

/** The newest tags of a repository, newest first; five at most. */
export async function newestTags(repository: Repository): Promise<readonly string[]> {
  // The repository's lifecycle policy leaves few images, so they fit into one page.
  const images = await describeImages(repository, { maxResults: 1000 });
  return images
    .toSorted((one, other) => pushedAt(other) - pushedAt(one))
    .flatMap(({ imageTags = [] }) => imageTags)
    .slice(0, MAX_TAGS_SHOWN);
}

async function describeImages(
  { region, registryId, repositoryName }: Repository,
  which: Pick<DescribeImagesCommandInput, "imageIds" | "maxResults">,
): Promise<readonly ImageDetail[]> {
  const request = new DescribeImagesCommand({ registryId, repositoryName, ...which });
  const { imageDetails = [] } = await withAwsClient(ECRClient, { region }, (ecr) =>
    callAws("ecr:DescribeImages", () => ecr.send(request)),
  );
  return imageDetails;
}

function pushedAt({ imagePushedAt }: ImageDetail): number {
  return imagePushedAt?.getTime() ?? 0;
}

/** User and password for the registry of that region, in base64, valid for twelve hours. A secret. */
export async function registryLogin(region: string): Promise<string> {
  const { authorizationData } = await withAwsClient(ECRClient, { region }, (ecr) =>
    callAws("ecr:GetAuthorizationToken", () => ecr.send(new GetAuthorizationTokenCommand())),
  );
  const token = authorizationData?.[0]?.authorizationToken;
  if (token === undefined) {
    throw new UserError("ecr:GetAuthorizationToken returned no token.");
  }
  return token;
}
