/** CloudWatch log groups, one per service. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import type { ServiceName } from "@proliferate-infra/shared/services";

/** Inputs of a log group. */
export interface LogGroupArgs {
  readonly resourcePrefix: string;
  readonly service: ServiceName;
  /** How long logs are kept. */
  readonly retentionInDays: number;
  /** Key that logs are encrypted with; undefined: AWS's own. */
  readonly kmsKeyArn: string | undefined;
}

/** Creates the log group of a service. Tasks may write to it but not create it, so its retention always holds. */
export function createLogGroup(args: LogGroupArgs, parent: pulumi.Resource): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${args.service}-logs`,
    {
      name: physicalName("logGroup", args.resourcePrefix, args.service),
      retentionInDays: args.retentionInDays,
      ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
    },
    { parent },
  );
}
