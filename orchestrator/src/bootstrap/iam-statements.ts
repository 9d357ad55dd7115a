/** Statements of the roles' IAM policies, and what they are written for. Pure. */
import type { PolicyDocument, PolicyStatement } from "@proliferate-infra/shared/aws/iam";
import { partitionOf } from "@proliferate-infra/backend/environment/aws-partition";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";

/** A statement about resources, with its id. */
export type IamStatement = PolicyStatement & Required<Pick<PolicyStatement, "Sid" | "Resource">>;

/** A policy of a role. */
export type IamPolicy = PolicyDocument<IamStatement>;

/** The environment that a policy is for. */
export interface IamScope {
  readonly names: EnvironmentNames;
  /** First part of the names of its resources: the setting `resourcePrefix`. */
  readonly prefix: string;
  /** Permissions boundary that every role must have: the setting of that name. */
  readonly permissionsBoundaryArn: string | undefined;
  /** ARN of something in its account and region. */
  readonly arn: (service: string, resource: string) => string;
  /** ARN of something in its account that belongs to no region. */
  readonly globalArn: (service: string, resource: string) => string;
  /** ARN of something that names neither region nor account. */
  readonly accountlessArn: (service: string, resource: string) => string;
  /** ARN of the state's bucket, or of objects in it; such an ARN names neither region nor account. */
  readonly bucketArn: (objects?: string) => string;
}

/** Scope of the environment with these names and this `resourcePrefix`. */
export function iamScope(
  names: EnvironmentNames,
  prefix: string,
  permissionsBoundaryArn: string | undefined,
): IamScope {
  const { account, state } = names;
  const partition = partitionOf(state.region);
  return {
    names,
    prefix,
    permissionsBoundaryArn,
    arn: (service, resource) => `arn:${partition}:${service}:${state.region}:${account}:${resource}`,
    bucketArn: (objects) => `arn:${partition}:s3:::${state.bucket}${objects === undefined ? "" : `/${objects}`}`,
    globalArn: (service, resource) => `arn:${partition}:${service}::${account}:${resource}`,
    accountlessArn: (service, resource) => `arn:${partition}:${service}:::${resource}`,
  };
}

/** A statement that allows these actions of one service, named without it. */
export function allow(
  sid: string,
  service: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: IamStatement["Condition"],
): IamStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions.map((action) => `${service}:${action}`),
    Resource: resources,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}
