"""
Stops one-off tasks, such as a migration. The emulator runs no containers, so they would never stop.

A task stops after one second with exit code 0 and writes a line to its log. The variables EMULATED_SECONDS and
EMULATED_EXIT_CODE of its container (in the definition or in an override of the task) change this.
"""
from datetime import datetime, timedelta, timezone


def variables_of(task, container):
    """Returns a container's variables from its definition, with the task's overrides."""
    overrides = task["overrides"].get("containerOverrides", [])
    own = [each for override in overrides if override["name"] == container["name"] for each in override.get("environment", [])]
    return {each["name"]: each["value"] for each in container.get("environment", []) + own}


def runs_long_enough(task, variables):
    """Returns whether a task has run for its configured time."""
    started = datetime.fromisoformat(task["startedAt"].replace("Z", "+00:00"))
    return datetime.now(timezone.utc) - started > timedelta(seconds=int(variables.get("EMULATED_SECONDS", "1")))


def write_log(logs, container, task, message):
    """Writes a line to the container's log stream."""
    options = container.get("logConfiguration", {}).get("options", {})
    stream = "/".join([options.get("awslogs-stream-prefix", ""), container["name"], task["taskArn"].split("/")[-1]])
    place = {"logGroupName": options.get("awslogs-group"), "logStreamName": stream}
    logs._create_log_stream(place)
    logs._put_log_events({**place, "logEvents": [{"message": message}]})


def end_one_off_tasks(ecs, logs):
    """Makes ECS stop tasks without a service whenever it updates a task's status."""
    update = ecs._maybe_mark_stopped

    def update_or_stop(task, docker_client=None):
        is_alone = not task.get("group", "").startswith("service:")
        if not is_alone or task["lastStatus"] != "RUNNING":
            return update(task, docker_client)
        container = ecs._task_defs[ecs._resolve_td_key(task["taskDefinitionArn"])]["containerDefinitions"][0]
        variables = variables_of(task, container)
        if runs_long_enough(task, variables):
            code = int(variables.get("EMULATED_EXIT_CODE", "0"))
            ecs._mark_task_stopped(
                task["taskArn"], task, "Essential container in task exited", "EssentialContainerExited", exit_code=code
            )
            command = " ".join(container.get("command", []))
            write_log(logs, container, task, f"The emulator runs no containers: {command or 'the image'} did not run, exit code {code}.")
        return update(task, docker_client)

    ecs._maybe_mark_stopped = update_or_stop
