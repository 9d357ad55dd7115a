/** ECR repositories, one per service. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceDefinition } from "./service-definitions.ts";

const KEPT_IMAGES = 10;

/**
 * Keeps the newest images and the deployed one, however old it is: ECS pulls it for each new task. Amazon ECR User Guide,
 * lifecycle policies: an image that a rule matches by its tag is never expired by a rule of lower priority. A digest has
 * no such rule.
 */
function lifecyclePolicy(imageTag: string | undefined): object {
  const isTag = imageTag !== undefined && !imageTag.startsWith("sha256:");
  const keep = { countType: "imageCountMoreThan", countNumber: KEPT_IMAGES };
  const deployed = {
    rulePriority: 1,
    description: "Keep the deployed image",
    selection: { tagStatus: "tagged", tagPatternList: [imageTag], ...keep },
    action: { type: "expire" },
  };
  const newest = {
    rulePriority: 2,
    description: `Keep the last ${KEPT_IMAGES} images`,
    selection: { tagStatus: "any", ...keep },
    action: { type: "expire" },
  };
  return { rules: [...(isTag ? [deployed] : []), newest] };
}

/** Creates the repository of a service's images. Tags cannot be moved, so a deployed tag always means one image. */
export function createRepository(
  { settings, parent, name }: LayerScope<"services">,
  { name: service, imageTag }: Pick<ServiceDefinition, "name" | "imageTag">,
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
    { repository: repository.name, policy: JSON.stringify(lifecyclePolicy(imageTag)) },
    { parent },
  );
  return repository;
}
