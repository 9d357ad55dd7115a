/** Errors of credentials, permissions and keys. */
import { AGAIN, type AdviceRow } from "./row.ts";

const DENIED = ["AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError"];
/** IAM's name of the refused call. */
const ACTION = String.raw`perform: (?<action>[\w-]+:\w+)`;

export const accessRows: readonly AdviceRow[] = [
  {
    title: "First use of a service in an account",
    codes: [],
    when: /service[- ]linked role|ServiceLinkedRoleNotFound/i,
    why: "The account has not used this service before. AWS creates the service's role at its first call, and that takes some seconds.",
    fix: `Deploy again. If the error remains, the deploy role lacks iam:CreateServiceLinkedRole; create the role by hand, with the service's name such as ecs.amazonaws.com, elasticache.amazonaws.com, elasticloadbalancing.amazonaws.com or rds.amazonaws.com:
  aws iam create-service-linked-role --aws-service-name SERVICE
${AGAIN}`,
  },
  {
    title: "Denied by the organization",
    codes: DENIED,
    when: new RegExp(`${ACTION}[^\\n]*service control policy`),
    why: "A service control policy of the organization forbids <action> in this account, region, or without certain tags. No policy of the role can allow it.",
    fix: "Ask the administrators of the organization what the policy demands: another region (aws:region), tags (extraTags), a permissions boundary (permissionsBoundaryArn), or an exception.",
  },
  {
    title: "Denied by a permissions boundary",
    codes: DENIED,
    when: new RegExp(`${ACTION}[^\\n]*permissions boundary`),
    why: "The permissions boundary of the deploy role does not allow <action>. A call needs both: the role's policies and its boundary.",
    fix: "Ask whoever owns the boundary to add <action>. If only roles with a boundary may be created, set permissionsBoundaryArn.",
  },
  {
    title: "Denied by a policy",
    codes: DENIED,
    when: new RegExp(`${ACTION}[^\\n]*explicit deny`),
    why: "A policy denies <action> explicitly. No other policy can allow it.",
    fix: `Find the policy with the denial among those of the role, of the resource and of the VPC endpoint:
  aws iam simulate-principal-policy --policy-source-arn ROLE --action-names <action>`,
  },
  {
    title: "Not allowed",
    codes: DENIED,
    when: new RegExp(ACTION),
    why: "The credentials in use may not call <action>.",
    fix: `Add it to the role. This prints all that the deploy role needs:
  ./rollout setup --print-iam --stack <stack>`,
  },
  {
    title: "Not allowed, with an encoded reason",
    codes: ["UnauthorizedOperation", "AccessDenied"],
    when: /Encoded authorization failure message: (?<message>\S+)/,
    why: "The credentials in use may not make this call. EC2 encodes the reason.",
    fix: `This decodes it:
  aws sts decode-authorization-message --encoded-message <message> --query DecodedMessage --output text`,
  },
  {
    title: "The session ended",
    codes: ["ExpiredToken", "RequestExpired"],
    why: "The AWS session ended during the deployment. AWS may have created what the engine could not write to the state any more.",
    fix: `Get new credentials that last longer (docs/aws-access.md), then go on. The command first takes into the state what AWS created:
${AGAIN}`,
  },
  {
    title: "Too many calls",
    codes: ["Throttling", "ThrottledException", "RequestLimitExceeded", "TooManyRequests"],
    when: /rate|throttl|too many requests|request limit/i,
    why: "AWS refuses further calls of the account for a time, because there were too many. Other programs of the account count too.",
    fix: `Wait a minute, then deploy again, one layer after another:
  ./rollout up --stack <stack> --resume --no-pipelined`,
  },
  {
    title: "A KMS key that cannot be used",
    codes: ["KMSKeyNotAccessible", "KMSInvalidState", "Disabled", "KMSAccessDenied"],
    why: "A KMS key is disabled, is scheduled for deletion, or may not be used with these credentials. What is encrypted with it cannot be read.",
    fix: `Look at the key, then enable it; a deletion must be canceled first:
  aws kms describe-key --region <region> --key-id KEY --query KeyMetadata.KeyState
  aws kms cancel-key-deletion --region <region> --key-id KEY
  aws kms enable-key --region <region> --key-id KEY`,
  },
  {
    title: "Region or keys not accepted",
    codes: ["OptInRequired", "SubscriptionRequired", "InvalidClientTokenId", "AuthFailure", "UnrecognizedClient"],
    why: "AWS does not accept the credentials in this region. The account has not enabled the region or the service, or the keys were deleted.",
    fix: `Look at whose credentials these are, and whether the region is enabled:
  aws sts get-caller-identity
  aws account get-region-opt-status --region-name <region>`,
  },
];
