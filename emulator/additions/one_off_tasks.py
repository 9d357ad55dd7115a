"""
One-off tasks, such as a migration, end by themselves after a moment; without containers they would run for ever.

They end with exit code 0, or with what the variable EMULATED_EXIT_CODE of their container says, and leave a line in
their log that says so.
"""
from datetime import datetime, timedelta, timezone

RUNS_FOR = timedelta(seconds=1)


def runs_long_enough(task):
    """Whether a task was started more than a moment ago."""
    started = datetime.fromisoformat(task["startedAt"].replace("Z", "+00:00"))
    return datetime.now(timezone.utc) - started > RUNS_FOR


def exit_code_of(container):
    """The exit code that a container's definition asks for."""
    variables = {each["name"]: each["value"] for each in container.get("environment", [])}
    return int(variables.get("EMULATED_EXIT_CODE", "0"))


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
        if is_alone and task["lastStatus"] == "RUNNING" and runs_long_enough(task):
            key = ecs._resolve_td_key(task["taskDefinitionArn"])
            container = ecs._task_defs[key]["containerDefinitions"][0]
            code = exit_code_of(container)
            ecs._mark_task_stopped(
                task["taskArn"], task, "Essential container in task exited", "EssentialContainerExited", exit_code=code
            )
            command = " ".join(container.get("command", []))
            write_log(logs, container, task, f"No containers here: {command or 'the image'} did not run, exit code {code}.")
        return look(task, docker_client)

    ecs._maybe_mark_stopped = look_or_end
