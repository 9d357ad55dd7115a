/**
 * The IAM policies of two roles for an environment: `preview` reads state and resources without secrets, for pull requests,
 * whose code it runs; `deploy` also reads secrets and changes all. Attach all policies of a role to it; each stays below AWS's limit of 6144 characters. Pure.
 *
 * What they cannot do, so that the roles are set up with it in mind:
 * - The deploy role may write the policies of roles called `<prefix>-*`, which the tasks take on. Whoever deploys can so
 *   give the tasks more than it has itself. Its own name must not begin with the prefix: it could change itself.
 * - A prefix covers longer ones: `proliferate-*` includes `proliferate-staging-web`. And the network's resources have no
 *   names. Environments that must not reach each other belong in accounts of their own.
 * - Neither makes state bucket, lock table or key: that is `rollout setup`, with an administrator's credentials.
 */
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { dataPolicy, networkPolicy, secretsPolicy, servicesPolicy } from "./iam-layer-policies.ts";
import { readPolicy } from "./iam-read-policy.ts";
import { stateReadPolicy, stateWritePolicy } from "./iam-state-policies.ts";
import { iamScope, type IamPolicy } from "./iam-statements.ts";

/** Policies by role, then by a name for each. */
export type IamPolicies = Readonly<Record<"preview" | "deploy", Readonly<Record<string, IamPolicy>>>>;

/** Policies for the environment with these names, whose resources' names begin with `prefix`. Roles must have the boundary, where there is one. */
export function iamPolicies(names: EnvironmentNames, prefix: string, permissionsBoundaryArn?: string): IamPolicies {
  const scope = iamScope(names, prefix, permissionsBoundaryArn);
  const read = readPolicy(scope);
  return {
    preview: { state: stateReadPolicy(scope), read },
    deploy: {
      state: stateWritePolicy(scope),
      read,
      network: networkPolicy(scope),
      data: dataPolicy(scope),
      secrets: secretsPolicy(scope),
      services: servicesPolicy(scope),
    },
  };
}
