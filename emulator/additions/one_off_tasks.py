"""
One-off tasks, such as a migration, end by themselves after a moment; without containers they would run for ever.

They end after a second with exit code 0, or as the variables EMULATED_SECONDS and EMULATED_EXIT_CODE of their container
(of its definition, or of an override of the task) say, and leave a line in their log that says so.
"""
from datetime import datetime, timedelta, timezone


def variables_of(task, container):
    """A container's variables: those of its definition, then those that the task overrides."""
    overrides = task["overrides"].get("containerOverrides", [])
    own = [each for override in overrides if override["name"] == container["name"] for each in override.get("environment", [])]
    return {each["name"]: each["value"] for each in container.get("environment", []) + own}


def runs_long_enough(task, variables):
    """Whether a task has run as long as it shall."""
    started = datetime.fromisoformat(task["startedAt"].replace("Z", "+00:00"))
    return datetime.now(timezone.utc) - started > timedelta(seconds=int(variables.get("EMULATED_SECONDS", "1")))


def write_log(logs, container, task, message):
    """A line in the log stream where the container's own would be."""
    options = container.get("logConfiguration", {}).get("options", {})
    stream = "/".join([options.get("awslogs-stream-prefix", ""), container["name"], task["taskArn"].split("/")[-1]])
    place = {"logGroupName": options.get("awslogs-group"), "logStreamName": stream}
    logs._create_log_stream(place)
    logs._put_log_events({**place, "logEvents": [{"message": message}]})


def end_one_off_tasks(ecs, logs):
    """Whenever ECS looks at a task, one that has no service ends."""
    look = ecs._maybe_mark_stopped

    def look_or_end(task, docker_client=None):
        is_alone = not task.get("group", "").startswith("service:")
        if not is_alone or task["lastStatus"] != "RUNNING":
            return look(task, docker_client)
        container = ecs._task_defs[ecs._resolve_td_key(task["taskDefinitionArn"])]["containerDefinitions"][0]
        variables = variables_of(task, container)
        if runs_long_enough(task, variables):
            code = int(variables.get("EMULATED_EXIT_CODE", "0"))
            ecs._mark_task_stopped(
                task["taskArn"], task, "Essential container in task exited", "EssentialContainerExited", exit_code=code
            )
            command = " ".join(container.get("command", []))
            write_log(logs, container, task, f"No containers here: {command or 'the image'} did not run, exit code {code}.")
        return look(task, docker_client)

    ecs._maybe_mark_stopped = look_or_end
