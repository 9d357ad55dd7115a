/** Names of ECS task definitions. Each function takes an ARN, or the name at its end, such as `proliferate-gateway:7`. */

/** Family and revision, such as `proliferate-gateway:7`: an ARN ends in `:task-definition/<family>:<revision>`. */
export function taskDefinitionName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** Family, such as `proliferate-gateway`: the name that all revisions share. */
export function familyOf(arn: string): string {
  return taskDefinitionName(arn).split(":", 1).join();
}

/** Revision, such as 7: ECS counts up within a family. NaN for a family without a revision. */
export function revisionOf(arn: string): number {
  return Number(taskDefinitionName(arn).split(":")[1]);
}
