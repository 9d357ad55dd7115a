"""Rules of EC2: subnets, addresses, NAT gateways, flow logs."""

from ipaddress import ip_network

from .table import behavior, refusal

ERRORS = "/AWSEC2/latest/APIReference/errors-overview.html"
ADDRESSES = 5
# AWS names no zones; this one was refused (github.com/sysdiglabs/terraform-aws-secure-for-cloud, pull request 52).
ZONES_WITHOUT_NAT = {"apne1-az3"}


@refusal("ec2", "subnet-overlaps", "CreateSubnet", "InvalidSubnet.Conflict", ERRORS)
def overlapping_subnet(ec2, request):
    """A new subnet's addresses must not overlap with those of another subnet in the same VPC."""
    if not request.get("CidrBlock"):
        return None
    addresses = ip_network(request.get("CidrBlock"), strict=False)
    others = [each for each in ec2._subnets.values() if each["VpcId"] == request.get("VpcId")]
    if any(addresses.overlaps(ip_network(each["CidrBlock"])) for each in others):
        return f"The CIDR '{addresses}' conflicts with another subnet"


@refusal(
    "ec2", "address-quota", "AllocateAddress", "AddressLimitExceeded", "/vpc/latest/userguide/amazon-vpc-limits.html"
)
def too_many_addresses(ec2, _):
    """An account has at most five Elastic IP addresses in a region, unless AWS raises the quota."""
    if len(ec2._addresses) >= ADDRESSES:
        return "The maximum number of addresses has been reached."


@refusal(
    "ec2",
    "nat-gateway-zones",
    "CreateNatGateway",
    "NotAvailableInZone",
    "/vpc/latest/userguide/nat-gateway-troubleshooting.html",
)
def zone_without_nat_gateway(ec2, request):
    """Some zones have no NAT gateways. The rule knows one: `apne1-az3`."""
    subnet = ec2._subnets.get(request.get("SubnetId"))
    if subnet and subnet["AvailabilityZoneId"] in ZONES_WITHOUT_NAT:
        return f"Nat Gateway is not available in this availability zone {subnet['AvailabilityZone']}"


@behavior(
    "ec2", "flow-logs-show-settings", "CreateFlowLogs DescribeFlowLogs", "/AWSEC2/latest/APIReference/API_FlowLog.html"
)
def flow_logs_show_settings(ec2):
    """A flow log has all the settings of its creation: role, log group, interval, tags."""
    create, describe = ec2._create_flow_logs, ec2._describe_flow_logs

    def create_with_settings(parameters):
        before = set(ec2._flow_logs)
        answer = create(parameters)
        for each in set(ec2._flow_logs) - before:
            ec2._parse_tag_specs(parameters, "vpc-flow-log", each)
            ec2._flow_logs[each]["_settings"] = {
                "deliverLogsPermissionArn": ec2._p(parameters, "DeliverLogsPermissionArn"),
                "logGroupName": ec2._p(parameters, "LogGroupName"),
                "maxAggregationInterval": ec2._p(parameters, "MaxAggregationInterval") or "600",
            }
        return answer

    def describe_with_settings(parameters):
        status, headers, body = describe(parameters)
        text = body.decode()
        for identifier, log in ec2._flow_logs.items():
            settings = "".join(f"<{name}>{value}</{name}>" for name, value in log.get("_settings", {}).items() if value)
            start = f"<flowLogId>{identifier}</flowLogId>"
            text = text.replace(start, start + settings)
        return status, headers, text.encode()

    ec2._ACTION_MAP["CreateFlowLogs"] = create_with_settings
    ec2._ACTION_MAP["DescribeFlowLogs"] = describe_with_settings
