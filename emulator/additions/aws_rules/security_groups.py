"""Rules of EC2: security groups."""

from .table import behavior, refusal

PERMISSION = "/AWSEC2/latest/APIReference/API_IpPermission.html"
KEYS = {"AuthorizeSecurityGroupIngress": "IpPermissions", "AuthorizeSecurityGroupEgress": "IpPermissionsEgress"}


@behavior("ec2", "security-group-all-ports", "AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress", PERMISSION)
def all_ports(ec2):
    """A rule for all protocols has no ports, so the provider removes the rule with which AWS creates each group."""
    parse = ec2._parse_ip_permissions

    def parse_without_ports(parameters, prefix):
        rules = parse(parameters, prefix)
        for rule in rules:
            if rule["IpProtocol"] == "-1":
                rule.pop("FromPort", None)
                rule.pop("ToPort", None)
        return rules

    ec2._parse_ip_permissions = parse_without_ports


@refusal(
    "ec2",
    "security-group-rule-exists",
    "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress",
    "InvalidPermission.Duplicate",
    "/AWSEC2/latest/APIReference/errors-overview.html",
)
def rule_exists(ec2, request):
    """A security group has no two rules for the same peer, protocol and ports."""
    group = ec2._security_groups.get(request.get("GroupId"))
    for rule in ec2._parse_ip_permissions(request.values, "IpPermissions") if group else []:
        if any(ec2._rules_match(rule, each) for each in group[KEYS[request.action]]):
            return "the specified rule already exists"
