/** What AWS says of one service, in the few words that the verdict needs. No environment variable is among them. */

/** What is known of one ECS service. */
export interface ServiceFacts {
  readonly name: string;
  /** ECS's own status; undefined when the cluster has no such service. */
  readonly status: string | undefined;
  /** ARN of the task definition that ECS runs, after a rollback the old one. */
  readonly taskDefinition: string | undefined;
  /** ARN of the newest active revision of the same family; undefined when all are deregistered. */
  readonly newestTaskDefinition: string | undefined;
  /** Number of tasks that shall run. */
  readonly desired: number;
  /** The parts of the service by task definition: one `PRIMARY`, and older ones whose tasks are still stopping. */
  readonly deployments: readonly DeploymentFacts[];
  /** Its history of deployments, with those that were rolled back. */
  readonly serviceDeployments: readonly ServiceDeploymentFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
}

/** One entry of `deployments` in DescribeServices. */
export interface DeploymentFacts {
  /** `PRIMARY`, `ACTIVE` or `INACTIVE`. */
  readonly status: string | undefined;
  /** `IN_PROGRESS`, `COMPLETED` or `FAILED`. */
  readonly rolloutState: string | undefined;
  readonly rolloutStateReason: string | undefined;
  readonly running: number;
  readonly pending: number;
}

/** One entry of ListServiceDeployments. */
export interface ServiceDeploymentFacts {
  /** Such as `SUCCESSFUL`, `IN_PROGRESS` or `ROLLBACK_SUCCESSFUL`. */
  readonly status: string;
  readonly statusReason: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A target group that the service's tasks are registered in. */
export interface TargetGroupFacts {
  readonly arn: string;
  readonly targets: readonly TargetFacts[];
}

/** Health of one target. */
export interface TargetFacts {
  /** Such as `healthy`, `unhealthy`, `initial` or `draining`. */
  readonly state: string;
  /** Code such as `Target.ResponseCodeMismatch`. */
  readonly reason: string | undefined;
  readonly description: string | undefined;
}

/** A task of a service that has stopped. ECS forgets it after about an hour. */
export interface StoppedTask {
  readonly taskDefinition: string | undefined;
  /** Milliseconds since 1970. */
  readonly stoppedAt: number;
  /** Such as `Essential container in task exited`. */
  readonly stoppedReason: string | undefined;
  readonly containers: readonly StoppedContainer[];
}

/** A container of a stopped task. */
export interface StoppedContainer {
  readonly name: string;
  readonly exitCode: number | undefined;
  /** Such as `OutOfMemoryError: ...`. */
  readonly reason: string | undefined;
}
