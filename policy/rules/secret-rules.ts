import { isOn, mustBeAtLeast, mustBeOn, type Control } from "../control.ts";
import { statementsOf } from "../policy-documents.ts";

/** Rules for Secrets Manager and KMS. */
export const secretRules: readonly Control[] = [
  {
    name: "secret-can-be-recovered",
    description: "A deleted secret can be restored for a week or more.",
    controls: ["AWS Secrets Manager User Guide, Delete a secret"],
    severity: "medium",
    type: "aws:secretsmanager/secret:Secret",
    violation: ({ recoveryWindowInDays = 30 }) => mustBeAtLeast("recoveryWindowInDays", 7)({ recoveryWindowInDays }),
    fix: "Set secretRecoveryWindowDays to 7 or more, unless the environment is about to be destroyed.",
    ifProtected: true,
    advisory: true,
  },
  {
    name: "secret-is-not-public",
    description: "A secret's resource policy blocks public access.",
    controls: ["Prowler secretsmanager_not_publicly_accessible"],
    severity: "high",
    type: "aws:secretsmanager/secretPolicy:SecretPolicy",
    violation: ({ policy, blockPublicPolicy }) =>
      !isOn(blockPublicPolicy) ||
      statementsOf(policy).some(({ effect, principals }) => effect === "Allow" && principals.includes("*"))
        ? "it may allow public access"
        : undefined,
    fix: "Name the principals, and set blockPublicPolicy.",
  },
  {
    name: "key-is-rotated",
    description: "AWS rotates customer-managed keys.",
    controls: ["KMS.4", "CIS 4.6", "CKV_AWS_7"],
    severity: "high",
    type: "aws:kms/key:Key",
    violation: mustBeOn("enableKeyRotation"),
    fix: "Set enableKeyRotation.",
  },
];
