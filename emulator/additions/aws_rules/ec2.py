"""Rules of EC2: subnets."""
from ipaddress import ip_network

from .table import refusal


@refusal("ec2", "subnet-overlaps", "CreateSubnet", "InvalidSubnet.Conflict", "/AWSEC2/latest/APIReference/errors-overview.html")
def overlapping_subnet(ec2, request):
    """A new subnet's addresses must not overlap with those of another subnet in the same VPC."""
    addresses = ip_network(request.get("CidrBlock"))
    others = [each for each in ec2._subnets.values() if each["VpcId"] == request.get("VpcId")]
    if any(addresses.overlaps(ip_network(each["CidrBlock"])) for each in others):
        return f"The CIDR '{addresses}' conflicts with another subnet"
