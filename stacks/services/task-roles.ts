/** IAM roles of the tasks: one for the ECS agent that starts them, others for the programs inside. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyDocument } from "@proliferate-infra/shared/aws/iam";
import { accountOf, permissionsBoundary } from "@proliferate-infra/shared/program/aws-provider";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceKey } from "@proliferate-infra/shared/services";
import { objectStoreOf, type CreatedBucket } from "./object-store.ts";
import type { Service } from "./service.ts";
import { executeCommandPolicy, executionPolicy, objectStorePolicy, taskTrustPolicy } from "./task-policies.ts";

/** Secret variable that a service with static keys of the object store has. */
const STATIC_KEY = "S3_ACCESS_KEY";

/** The roles, and the policies that must exist before tasks start and until they have stopped. */
export interface TaskRoles {
  readonly executionRoleArn: pulumi.Output<string>;
  /** Role of programs that need nothing in AWS. */
  readonly taskRoleArn: pulumi.Output<string>;
  /** Role of each service's programs. */
  readonly taskRoleArns: ReadonlyMap<ServiceKey, pulumi.Output<string>>;
  readonly policies: readonly pulumi.Resource[];
}

/**
 * Creates the roles. A service whose programs need nothing in AWS has the common role, which allows nothing unless ECS Exec is
 * on. Gateway and worker have another one for the object store, and a service with policies of its own has its own role.
 */
export function createTaskRoles(
  scope: LayerScope<"services">,
  services: readonly Service[],
  bucket: CreatedBucket | undefined,
): TaskRoles {
  const { settings, parent, name } = scope;
  const policies: pulumi.Resource[] = [];
  const account = accountOf(parent);
  const trust = account.apply((resolved) => JSON.stringify(taskTrustPolicy(resolved, settings.region)));
  const createRole = (part: string, description: string) =>
    new aws.iam.Role(
      name("role", part),
      { description, assumeRolePolicy: trust, ...permissionsBoundary(settings) },
      { parent },
    );
  const allow = (policyName: string, role: aws.iam.Role, document: pulumi.Input<PolicyDocument>) => {
    const policy = pulumi.output(document).apply((resolved) => JSON.stringify(resolved));
    policies.push(new aws.iam.RolePolicy(policyName, { role: role.id, policy }, { parent }));
  };

  const execution = createRole("execution", "Lets ECS pull images, read secrets and write logs for the services");
  const targets = pulumi.output({
    repositoryArns: services.map(({ repository }) => repository.arn),
    secretArns: services.map(({ inputs }) => inputs.secretArn),
    logGroupArns: services.map(({ logGroup }) => logGroup.arn),
    kmsKeyArn: settings.kmsKeyArn,
  });
  allow("execution-role-policy", execution, targets.apply(executionPolicy));

  const objectStore = objectStoreOf(scope, bucket, account);
  const createTaskRole = (part: string, description: string, usesObjectStore: boolean) => {
    const role = createRole(part, description);
    if (settings.enableExecuteCommand) {
      allow(`${part}-role-execute-command`, role, executeCommandPolicy());
    }
    if (usesObjectStore && objectStore !== undefined) {
      allow(`${part}-role-object-store`, role, objectStore.apply(objectStorePolicy));
    }
    return role;
  };
  const common = createTaskRole("task", "What the services' programs may do in AWS", false);
  const ofObjectStore =
    objectStore && createTaskRole("object-store-task", "Lets gateway and worker use the object store", true);
  const roleOf = ({ definition, inputs }: Service): pulumi.Output<string> => {
    const { key, name: service, taskPolicyArns } = definition;
    const usesObjectStore = key !== "llmProxy";
    if (taskPolicyArns.length > 0) {
      const own = createTaskRole(
        `${service}-task`,
        `What the programs of the ${service} may do in AWS`,
        usesObjectStore,
      );
      for (const policyArn of taskPolicyArns) {
        const attachment = `${service}-task-policy-${policyArn.split("/").at(-1) ?? ""}`;
        policies.push(new aws.iam.RolePolicyAttachment(attachment, { role: own.name, policyArn }, { parent }));
      }
      return own.arn;
    }
    if (!usesObjectStore || ofObjectStore === undefined) {
      return common.arn;
    }
    return pulumi
      .all([inputs.secretKeys, common.arn, ofObjectStore.arn])
      .apply(([keys, commonArn, arn]) => (keys.includes(STATIC_KEY) ? commonArn : arn));
  };
  return {
    executionRoleArn: execution.arn,
    taskRoleArn: common.arn,
    taskRoleArns: new Map(services.map((service) => [service.definition.key, roleOf(service)])),
    policies,
  };
}
