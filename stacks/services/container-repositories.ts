/** ECR repositories, one per service. */
import * as aws from "@pulumi/aws";
import { lifecycleRules } from "@proliferate-infra/shared/aws/image-lifecycle";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceKey } from "@proliferate-infra/shared/services";
import type { ServiceDefinition } from "./service-definitions.ts";

/** The image that a rollback needs: the one that ran before `imageTag`; undefined where none did. */
export function previousImage(
  deployed: LayerScope<"services">["deployed"],
  key: ServiceKey,
  imageTag: string | undefined,
): string | undefined {
  const { [`${key}ImageTag`]: last, [`${key}PreviousImageTag`]: before } = deployed;
  const previous = last === imageTag ? before : last;
  return typeof previous === "string" ? previous : undefined;
}

/** Creates the repository of a service's images. Tags cannot be moved, so a deployed tag always means one image. */
export function createRepository(
  { settings, deployed, parent, name }: LayerScope<"services">,
  { key, name: service, imageTag }: Pick<ServiceDefinition, "key" | "name" | "imageTag">,
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
  const inUse = [imageTag, previousImage(deployed, key, imageTag)].filter((image) => image !== undefined);
  new aws.ecr.LifecyclePolicy(
    `${service}-repository-lifecycle`,
    { repository: repository.name, policy: JSON.stringify({ rules: lifecycleRules(inUse) }) },
    { parent },
  );
  return repository;
}
