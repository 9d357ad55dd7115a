"""
What the emulated AWS lacks of ECS for the AWS provider's `waitForSteadyState` and for the rollout's verification.

Python imports this module before the emulator begins, because the emulator is started with this folder in PYTHONPATH.
The provider looks whether the newest deployment began after its own call. If so, it waits for that service deployment,
else it is content with the number of running tasks (hashicorp/terraform-provider-aws, internal/service/ecs/service.go).
The emulator cuts times to whole seconds and lists no service deployments, so a call just before the turn of a second
waited for ever. Here times have their fractions, as on AWS, and every deployment of a service is listed.

Without Docker its tasks also have no network, so no target group ever had a target. Here each task has an address.
"""
import re
import sys
from datetime import datetime

from one_off_tasks import end_one_off_tasks
from retried_calls import answer_retries_alike


def seconds_of(value):
    """ISO time as seconds since 1970, with fractions; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return value


def service_deployment(service, deployment):
    """A service's deployment in the words of DescribeServiceDeployments. It is done when all its tasks run."""
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
    """Every deployment of every service of the caller's account and region."""
    return [
        service_deployment(service, deployment)
        for service in ecs._services.values()
        for deployment in service["deployments"]
    ]


def made_up_address(task):
    """A private address for a task that has no network, always the same one."""
    number = int(task["taskArn"].split("/")[-1].replace("-", "")[:6], 16)
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def complete(ecs):
    """Replaces the emulator's empty answers."""
    address_in_network = ecs._task_ip

    def task_address(task):
        return address_in_network(task) or made_up_address(task)

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
    print("This Python has no ministack; nothing was added to it.", file=sys.stderr)
else:
    complete(emulated_ecs)
    end_one_off_tasks(emulated_ecs, emulated_logs)
    answer_retries_alike(emulator)
