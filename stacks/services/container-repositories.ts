/** ECR repositories, one per service. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import type { ServiceName } from "@proliferate-infra/shared/services";

const KEPT_IMAGES = 10;

const lifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      description: `Keep the last ${KEPT_IMAGES} images`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
      action: { type: "expire" },
    },
  ],
};

/** Inputs of a repository. */
export interface RepositoryArgs {
  readonly resourcePrefix: string;
  readonly service: ServiceName;
  readonly protect: boolean;
  /** Key that images are encrypted with; undefined: AWS's own. */
  readonly kmsKeyArn: string | undefined;
}

/** Creates the repository of a service's images. Tags cannot be moved, so a deployed tag always means one image. */
export function createRepository(args: RepositoryArgs, parent: pulumi.Resource): aws.ecr.Repository {
  const { resourcePrefix, service, protect, kmsKeyArn } = args;
  const repository = new aws.ecr.Repository(
    `${service}-repository`,
    {
      name: physicalName("repository", resourcePrefix, service),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      ...(kmsKeyArn !== undefined && { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: kmsKeyArn }] }),
      // An environment without protection is destroyed with its images.
      forceDelete: !protect,
    },
    { parent, protect },
  );
  new aws.ecr.LifecyclePolicy(
    `${service}-repository-lifecycle`,
    { repository: repository.name, policy: JSON.stringify(lifecyclePolicy) },
    { parent },
  );
  return repository;
}
