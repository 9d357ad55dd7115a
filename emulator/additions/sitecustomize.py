"""
Adds the parts of ECS that the AWS provider's `waitForSteadyState` and the rollout's verification need.

Python imports this module before the emulator starts, because PYTHONPATH has this folder.
If the newest deployment started after the provider's call, the provider waits for that service deployment. Otherwise it
only checks the number of running tasks (hashicorp/terraform-provider-aws, internal/service/ecs/service.go).
The emulator truncates times to whole seconds and lists no service deployments. A call near the end of a second therefore
never returned. With this module, times have fractions, as on AWS, and every deployment of a service is listed.

Without Docker, the emulator's tasks have no network, so target groups had no targets. This module gives each task an address.
"""
import re
import sys
from datetime import datetime

from aws_rules import add_rules
from one_off_tasks import end_one_off_tasks
from retried_calls import answer_retries_alike


def seconds_of(value):
    """Converts ISO time to seconds since 1970, with fractions. Returns other values unchanged."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return value


def service_deployment(service, deployment):
    """Returns a deployment in the format of DescribeServiceDeployments. It succeeds when all its tasks run."""
    arn = service["serviceArn"]
    identifier = deployment["id"].split("/")[-1]
    is_done = deployment["runningCount"] >= deployment["desiredCount"]
    return {
        "serviceDeploymentArn": f"{arn.replace(':service/', ':service-deployment/', 1)}/{identifier}",
        "targetServiceRevisionArn": f"{arn.replace(':service/', ':service-revision/', 1)}/{identifier}",
        "serviceArn": arn,
        "clusterArn": service["clusterArn"],
        "createdAt": deployment["createdAt"],
        "startedAt": deployment["createdAt"],
        "status": "SUCCESSFUL" if is_done else "IN_PROGRESS",
    }


def deployments_of(ecs):
    """Returns all deployments of all services in the caller's account and region."""
    return [
        service_deployment(service, deployment)
        for service in ecs._services.values()
        for deployment in service["deployments"]
    ]


def placeholder_address(task):
    """Returns a private address for a task without a network. It is always the same for one task."""
    number = int(task["taskArn"].split("/")[-1].replace("-", "")[:6], 16)
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def complete(ecs):
    """Replaces the emulator's incomplete functions."""
    address_in_network = ecs._task_ip

    def task_address(task):
        return address_in_network(task) or placeholder_address(task)

    def list_service_deployments(data):
        suffix = re.split("[:/]", data.get("service", ""))[-1]
        after = data.get("createdAt", {}).get("after", 0)
        found = [
            each
            for each in deployments_of(ecs)
            if each["serviceArn"].endswith(f"/{suffix}") and seconds_of(each["createdAt"]) > after
        ]
        return ecs.json_response({"serviceDeployments": found})

    def describe_service_deployments(data):
        wanted = data.get("serviceDeploymentArns", [])
        found = [each for each in deployments_of(ecs) if each["serviceDeploymentArn"] in wanted]
        return ecs.json_response({"serviceDeployments": found, "failures": []})

    ecs._ts_to_epoch = seconds_of
    ecs._task_ip = task_address
    ecs._ACTION_MAP["ListServiceDeployments"] = list_service_deployments
    ecs._ACTION_MAP["DescribeServiceDeployments"] = describe_service_deployments


try:
    from ministack import app as emulator
    from ministack.services import cloudwatch_logs as emulated_logs
    from ministack.services import ecs as emulated_ecs
except ImportError:
    print("ministack is not installed in this Python; its additions are not loaded.", file=sys.stderr)
else:
    complete(emulated_ecs)
    end_one_off_tasks(emulated_ecs, emulated_logs)
    add_rules(emulator)
    answer_retries_alike(emulator)
