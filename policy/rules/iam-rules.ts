import type { Control, Properties } from "../control.ts";
import { statementsOf, type Statement } from "../policy-documents.ts";

/** Actions that AWS defines without a resource (Service Authorization Reference: ECR, SSM Messages). */
const WITHOUT_RESOURCE = /^(ecr:GetAuthorizationToken|ssmmessages:[A-Za-z]+)$/;

const allowing = (document: unknown): readonly Statement[] =>
  statementsOf(document).filter(({ effect }) => effect === "Allow");

const noAdministrator: Control["violation"] = ({ policy }) =>
  allowing(policy).some(({ actions }) => actions.some((action) => action === "*" || action.endsWith(":*")))
    ? "it allows every action of a service"
    : undefined;

function openActions({ policy }: Properties): readonly string[] {
  return allowing(policy)
    .filter(({ resources }) => resources.includes("*"))
    .flatMap(({ actions }) => actions.filter((action) => !WITHOUT_RESOURCE.test(action)));
}

const noOpenResource: Control["violation"] = (properties) => {
  const actions = openActions(properties);
  return actions.length > 0 ? `it allows ${actions.join(", ")} on every resource` : undefined;
};

const POLICIES = { "role-policy": "aws:iam/rolePolicy:RolePolicy", policy: "aws:iam/policy:Policy" };

/** Rules for IAM roles and policies. */
export const iamRules: readonly Control[] = [
  ...Object.entries(POLICIES).flatMap(([kind, type]): readonly Control[] => [
    {
      name: `${kind}-is-no-administrator`,
      description: "No policy allows every action of a service.",
      controls: ["IAM.1", "IAM.21", "CIS 2.15", "CKV_AWS_62", "CKV_AWS_63"],
      severity: "critical",
      type,
      violation: noAdministrator,
      fix: "Name the actions.",
    },
    {
      name: `${kind}-names-its-resources`,
      description: "Actions that support resources are allowed only on named resources.",
      controls: ["KMS.2", "CKV_AWS_286", "CKV_AWS_290", "CKV_AWS_355"],
      severity: "critical",
      type,
      violation: noOpenResource,
      fix: "Name the resources by ARN.",
    },
  ]),
  {
    name: "role-is-assumed-for-this-account-only",
    description: "A service may assume a role only on behalf of this account (confused deputy).",
    controls: ["CKV_AWS_60", "CKV_AWS_61", "Prowler iam_role_cross_service_confused_deputy_prevention"],
    severity: "high",
    type: "aws:iam/role:Role",
    violation: ({ assumeRolePolicy }) =>
      allowing(assumeRolePolicy).every(({ conditionKeys }) =>
        conditionKeys.some((key) => key === "aws:SourceAccount" || key === "aws:SourceArn"),
      )
        ? undefined
        : "its trust policy names neither aws:SourceAccount nor aws:SourceArn",
    fix: "Add a condition on aws:SourceAccount.",
  },
];
