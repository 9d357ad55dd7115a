/** What ECR is asked: images by tag or digest, and a login. Import it when it is needed, for it loads the SDK. */
import { DescribeImagesCommand, ECRClient, GetAuthorizationTokenCommand, type ImageDetail } from "@aws-sdk/client-ecr";
import { messageOf, UserError } from "@proliferate-infra/backend/errors";
import type { Repository } from "./repository.ts";

/** Newest tags that a person is told. */
const MAX_TAGS_SHOWN = 5;

/** Digest of the image of that tag or digest; undefined when the repository has none. */
export async function digestOf(repository: Repository, image: string): Promise<string | undefined> {
  const imageId = image.startsWith("sha256:") ? { imageDigest: image } : { imageTag: image };
  try {
    const [found] = await describe(repository, { imageIds: [imageId] });
    return found?.imageDigest;
  } catch (error) {
    if (error instanceof Error && error.name === "ImageNotFoundException") {
      return undefined;
    }
    throw new UserError(`ecr:DescribeImages on ${repository.repositoryName}: ${messageOf(error)}`);
  }
}

/** The newest tags of a repository, newest first; a handful. */
export async function newestTags(repository: Repository): Promise<readonly string[]> {
  // The repository's lifecycle keeps few, so they fit into one page.
  const images = await describe(repository, { maxResults: 1000 });
  return images
    .toSorted((one, other) => pushedAt(other) - pushedAt(one))
    .flatMap(({ imageTags = [] }) => imageTags)
    .slice(0, MAX_TAGS_SHOWN);
}

async function describe(
  { region, registryId, repositoryName }: Repository,
  which: { readonly imageIds?: { imageTag?: string; imageDigest?: string }[]; readonly maxResults?: number },
): Promise<readonly ImageDetail[]> {
  return withClient(region, async (client) => {
    const { imageDetails = [] } = await client.send(
      new DescribeImagesCommand({ registryId, repositoryName, ...which }),
    );
    return imageDetails;
  });
}

function pushedAt({ imagePushedAt }: ImageDetail): number {
  return imagePushedAt?.getTime() ?? 0;
}

/** What a registry of that region takes for user and password, in base64, for twelve hours. A secret. */
export async function registryLogin(region: string): Promise<string> {
  return withClient(region, async (client) => {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand());
    const token = authorizationData?.[0]?.authorizationToken;
    if (token === undefined) {
      throw new UserError("ecr:GetAuthorizationToken gave no token.");
    }
    return token;
  });
}

async function withClient<T>(region: string, use: (client: ECRClient) => Promise<T>): Promise<T> {
  const client = new ECRClient({ region });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
