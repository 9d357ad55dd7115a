/** The ECR repository of a service's images. Pure. */
import { UserError } from "@proliferate-infra/backend/errors";
import { serviceKey, type ServiceName } from "@proliferate-infra/shared/services";

export interface Repository {
  /** Without a scheme: the part of an image's name before the tag. */
  readonly url: string;
  /** Host of the registry. */
  readonly registry: string;
  /** Account ID, which is the ID of its registry. */
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
}

/**
 * The repository of a service, from the public outputs of services.
 *
 * @throws UserError when the service is not deployed.
 */
export function repositoryFor(
  service: ServiceName,
  outputs: Readonly<Record<string, unknown>>,
  stack: string,
): Repository {
  const key = serviceKey(service);
  const url = key && outputs[`${key}RepositoryUrl`];
  if (typeof url !== "string") {
    throw new UserError(`${service} is not deployed in ${stack}: scripts/deploy-all.sh --stack ${stack}`);
  }
  return repositoryOf(url);
}

/**
 * The parts of a repository's URL, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/proliferate-worker`.
 *
 * @throws UserError when it is not a URL of ECR.
 */
export function repositoryOf(url: string): Repository {
  const [, registry, registryId, region, repositoryName] =
    /^((\d+)\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+)\/(.+)$/.exec(url) ?? [];
  if (registry === undefined || registryId === undefined || region === undefined || repositoryName === undefined) {
    throw new UserError(`${url} is not the URL of an ECR repository.`);
  }
  return { url, registry, registryId, region, repositoryName };
}
