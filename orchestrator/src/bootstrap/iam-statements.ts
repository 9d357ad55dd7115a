/** IAM policy documents as data, and what their statements are written for. Pure. */
import { partitionOf } from "@proliferate-infra/backend/environment/aws-partition";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";

/** One statement. */
export interface IamStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document. */
export interface IamPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly IamStatement[];
}

/** The environment that a policy is for. */
export interface IamScope {
  readonly names: EnvironmentNames;
  /** First part of the names of its resources: the setting `resourcePrefix`. */
  readonly prefix: string;
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
export function iamScope(names: EnvironmentNames, prefix: string): IamScope {
  const { account, state } = names;
  const partition = partitionOf(state.region);
  return {
    names,
    prefix,
    arn: (service, resource) => `arn:${partition}:${service}:${state.region}:${account}:${resource}`,
    bucketArn: (objects) => `arn:${partition}:s3:::${state.bucket}${objects === undefined ? "" : `/${objects}`}`,
    globalArn: (service, resource) => `arn:${partition}:${service}::${account}:${resource}`,
    accountlessArn: (service, resource) => `arn:${partition}:${service}:::${resource}`,
  };
}

/** A document of these statements. */
export function policy(...statements: readonly IamStatement[]): IamPolicy {
  return { Version: "2012-10-17", Statement: statements };
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
