/** ECR repositories, one per service. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
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

/** Creates the repository of a service's images. Tags cannot be moved, so a deployed tag always means one image. */
export function createRepository(
  { settings, parent, name }: LayerScope<"services">,
  service: ServiceName,
): aws.ecr.Repository {
  const { protectResources: protect, kmsKeyArn } = settings;
  const repository = new aws.ecr.Repository(
    `${service}-repository`,
    {
      name: name("repository", service),
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
