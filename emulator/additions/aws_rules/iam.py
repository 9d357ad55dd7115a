"""Rules of IAM."""

from .table import refusal

QUOTAS = "/IAM/latest/UserGuide/reference_iam-quotas.html"
OF_MANAGED_POLICY = 6144
OF_ROLE = 10240
OF_TRUST_POLICY = 2048


def size_of(policy):
    """Returns a policy's size as AWS counts it: without white space."""
    return len("".join(policy.split()))


@refusal("iam", "managed-policy-size", "CreatePolicy CreatePolicyVersion", "LimitExceeded", QUOTAS)
def large_managed_policy(_, request):
    """A managed policy has at most 6144 characters without white space."""
    if size_of(request.get("PolicyDocument")) > OF_MANAGED_POLICY:
        return f"Cannot exceed quota for PolicySize: {OF_MANAGED_POLICY}"


@refusal("iam", "inline-policy-size", "PutRolePolicy", "LimitExceeded", QUOTAS)
def large_inline_policies(iam, request):
    """All inline policies of a role together have at most 10240 characters without white space."""
    name = request.get("RoleName")
    policies = {**iam._roles.get(name, {}).get("InlinePolicies", {})}
    policies[request.get("PolicyName")] = request.get("PolicyDocument")
    if sum(size_of(each) for each in policies.values()) > OF_ROLE:
        return f"Maximum policy size of {OF_ROLE} bytes exceeded for role {name}"


@refusal("iam", "trust-policy-size", "CreateRole UpdateAssumeRolePolicy", "LimitExceeded", QUOTAS)
def large_trust_policy(_, request):
    """A role's trust policy has at most 2048 characters without white space, unless AWS raises the quota."""
    policy = request.get("AssumeRolePolicyDocument") or request.get("PolicyDocument")
    if size_of(policy) > OF_TRUST_POLICY:
        return f"Cannot exceed quota for ACLSizePerRole: {OF_TRUST_POLICY}"
