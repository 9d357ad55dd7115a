/** CloudWatch log groups, one per service. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceName } from "@proliferate-infra/shared/services";

/** Creates the log group of a service. Tasks may write to it but not create it, so its retention always holds. */
export function createLogGroup(
  { settings, parent, name }: LayerScope<"services">,
  service: ServiceName,
): aws.cloudwatch.LogGroup {
  const { logRetentionDays: retentionInDays, kmsKeyArn } = settings;
  return new aws.cloudwatch.LogGroup(
    `${service}-logs`,
    { name: name("logGroup", service), retentionInDays, ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }) },
    { parent },
  );
}
