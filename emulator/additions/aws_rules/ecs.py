"""Rules of ECS."""

import json

from .table import refusal

LARGEST_DEFINITION = 64 * 1024
# Zones of regions in which not all zones have Fargate.
FARGATE_ZONES = {
    "usw1": {"usw1-az1", "usw1-az3"},
    "apne1": {"apne1-az1", "apne1-az2", "apne1-az4"},
}


@refusal(
    "ecs",
    "task-definition-size",
    "RegisterTaskDefinition",
    "ClientException",
    "/AmazonECS/latest/developerguide/service-quotas.html",
)
def large_task_definition(_, request):
    """A task definition has at most 64 KiB."""
    size = len(json.dumps(request.values, separators=(",", ":")).encode())
    if size > LARGEST_DEFINITION:
        return f"Actual length: '{size}'. Max allowed length is '{LARGEST_DEFINITION}' bytes."


@refusal(
    "ecs",
    "fargate-zones",
    "CreateService UpdateService RunTask",
    "InvalidParameterException",
    "/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html",
)
def zone_without_fargate(_, request):
    """One zone of us-west-1 and of ap-northeast-1 has no Fargate. On AWS, the service exists without tasks."""
    from ministack.services import ec2

    network = request.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    for subnet in network.get("subnets", []):
        zone = ec2._subnets.get(subnet, {}).get("AvailabilityZoneId", "")
        if zone not in FARGATE_ZONES.get(zone.split("-")[0], {zone}):
            return f"Fargate is not supported in the Availability Zone {zone} of {subnet}."
