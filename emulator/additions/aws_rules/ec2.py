"""Rules of EC2: subnets, addresses, NAT gateways."""
from ipaddress import ip_network

from .table import refusal

ERRORS = "/AWSEC2/latest/APIReference/errors-overview.html"
ADDRESSES = 5
# AWS names no zones; this one was refused (github.com/sysdiglabs/terraform-aws-secure-for-cloud, pull request 52).
ZONES_WITHOUT_NAT = {"apne1-az3"}


@refusal("ec2", "subnet-overlaps", "CreateSubnet", "InvalidSubnet.Conflict", ERRORS)
def overlapping_subnet(ec2, request):
    """A new subnet's addresses must not overlap with those of another subnet in the same VPC."""
    addresses = ip_network(request.get("CidrBlock"))
    others = [each for each in ec2._subnets.values() if each["VpcId"] == request.get("VpcId")]
    if any(addresses.overlaps(ip_network(each["CidrBlock"])) for each in others):
        return f"The CIDR '{addresses}' conflicts with another subnet"


@refusal("ec2", "address-quota", "AllocateAddress", "AddressLimitExceeded", "/vpc/latest/userguide/amazon-vpc-limits.html")
def too_many_addresses(ec2, _):
    """An account has at most five Elastic IP addresses in a region, unless AWS raises the quota."""
    if len(ec2._addresses) >= ADDRESSES:
        return "The maximum number of addresses has been reached."


@refusal(
    "ec2", "nat-gateway-zones", "CreateNatGateway", "NotAvailableInZone",
    "/vpc/latest/userguide/nat-gateway-troubleshooting.html",
)
def zone_without_nat_gateway(ec2, request):
    """Some zones have no NAT gateways. The rule knows one: `apne1-az3`."""
    subnet = ec2._subnets.get(request.get("SubnetId"))
    if subnet and subnet["AvailabilityZoneId"] in ZONES_WITHOUT_NAT:
        return f"Nat Gateway is not available in this availability zone {subnet['AvailabilityZone']}"
