"""Rules of Elastic Load Balancing."""

from .table import behavior, refusal
from .zones import are_in_one_zone, zones_of

CREATE = "/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"
NAME_LENGTH = 32


@refusal("alb", "load-balancer-name", "CreateLoadBalancer CreateTargetGroup", "ValidationError", CREATE)
def load_balancer_name(_, request):
    """A name has at most 32 characters. A load balancer's name does not begin with `internal-`."""
    name = request.get("Name")
    if len(name) > NAME_LENGTH:
        return f"The name '{name}' cannot be longer than '{NAME_LENGTH}' characters"
    if request.action == "CreateLoadBalancer" and name.startswith("internal-"):
        return f"The load balancer name '{name}' cannot begin with 'internal-'"


@refusal("alb", "load-balancer-two-zones", "CreateLoadBalancer SetSubnets", "ValidationError", CREATE)
def two_zones(_, request):
    """An application load balancer needs subnets in at least two zones."""
    if are_in_one_zone(request.list("Subnets.member")):
        return "At least two subnets in two different Availability Zones must be specified"


@refusal("alb", "load-balancer-subnet-zones", "CreateLoadBalancer SetSubnets", "InvalidConfigurationRequest", CREATE)
def one_subnet_per_zone(_, request):
    """A load balancer has at most one subnet in each zone."""
    zones = list(zones_of(request.list("Subnets.member")).values())
    if len(set(zones)) < len(zones):
        return "A load balancer cannot be attached to multiple subnets in the same Availability Zone"


@behavior("alb", "load-balancer-shows-zones", "DescribeLoadBalancers CreateLoadBalancer", CREATE)
def shows_zones(alb):
    """AvailabilityZones has each subnet with its own zone."""
    to_xml = alb._lb_xml

    def with_zones(balancer):
        text = to_xml(balancer)
        for subnet, zone in zones_of(balancer.get("Subnets", [])).items():
            text = text.replace(
                f"<ZoneName>{alb.get_region()}a</ZoneName><SubnetId>{subnet}</SubnetId>",
                f"<ZoneName>{zone}</ZoneName><SubnetId>{subnet}</SubnetId>",
            )
        return text

    alb._lb_xml = with_zones


@refusal(
    "alb",
    "load-balancer-protected",
    "DeleteLoadBalancer",
    "OperationNotPermitted",
    "/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html",
)
def protected_load_balancer(alb, request):
    """A load balancer with deletion protection cannot be deleted."""
    arn = request.get("LoadBalancerArn")
    if {"Key": "deletion_protection.enabled", "Value": "true"} in alb._lb_attrs.get(arn, []):
        return f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"


@refusal(
    "alb",
    "listener-certificate-issued",
    "CreateListener ModifyListener",
    "UnsupportedCertificate",
    "/elasticloadbalancing/latest/APIReference/API_CreateListener.html",
)
def certificate_not_issued(_, request):
    """A listener's certificate must be issued."""
    from ministack.services import acm

    for arn in request.list("Certificates.member"):
        certificate = acm._get_local_certificate(arn)
        if certificate and certificate["Status"] != "ISSUED":
            return (
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, "
                "and a supported key size."
            )
