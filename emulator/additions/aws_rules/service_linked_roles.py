"""
Rules about the first call in a new account: AWS creates a service's role then, and the call can come too early for it.

They are off, because AWS refuses the first call only sometimes.
"""

from .table import refusal

ECS = "/AmazonECS/latest/developerguide/using-service-linked-roles.html"
ROLES = (
    (
        "ecs",
        "CreateCluster CreateService PutClusterCapacityProviders",
        "InvalidParameterException",
        ECS,
        "ecs.amazonaws.com",
        "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
    ),
    (
        "elasticache",
        "CreateCacheCluster CreateReplicationGroup",
        "ServiceLinkedRoleNotFoundFault",
        "/AmazonElastiCache/latest/dg/using-service-linked-roles.html",
        "elasticache.amazonaws.com",
        "The specified service linked role (SLR) was not found.",
    ),
    (
        "rds",
        "CreateDBInstance",
        "InvalidParameterValue",
        "/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html",
        "rds.amazonaws.com",
        "Unable to create the resource. Verify that you have permission to create service linked role. "
        "Otherwise wait and try again later.",
    ),
    (
        "alb",
        "CreateLoadBalancer",
        "OperationNotPermitted",
        "/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html",
        "elasticloadbalancing.amazonaws.com",
        "The service linked role does not exist yet.",
    ),
)


def first_call(principal, message):
    """Returns a check that refuses the first call of an account in which nobody has created the role."""
    called = set()

    def has_role():
        from ministack.services import iam

        return any(role["Path"] == f"/aws-service-role/{principal}/" for role in iam._roles.values())

    def check(_service, _request):
        """The first call of an account is refused when nobody has created the service-linked role."""
        from ministack.core.responses import get_account_id

        is_first = get_account_id() not in called and not has_role()
        called.add(get_account_id())
        return message if is_first else None

    return check


for service, actions, code, source, principal, message in ROLES:
    refusal(service, f"service-linked-role-{service}", actions, code, source, on=False)(first_call(principal, message))
