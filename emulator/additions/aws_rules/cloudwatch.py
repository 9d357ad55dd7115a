"""Rules of CloudWatch: alarms."""

from xml.sax.saxutils import escape

from .table import behavior

# Parameters of PutMetricAlarm that the emulator does not return over the query protocol, which the AWS provider uses.
SHOWN = (
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "Dimensions",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "Metrics",
    "OKActions",
    "Period",
    "Statistic",
    "TreatMissingData",
    "Unit",
)


def to_xml(parameters):
    """Returns XML for flat parameters, for example `<A><member><B>1</B></member></A>` for `A.member.1.B=1`."""
    children = {}
    for name, value in parameters.items():
        head, _, rest = name.partition(".")
        children.setdefault(head, {})[rest] = value
    return "".join(f"<{tag}>{content_of(rest)}</{tag}>" for tag, rest in children.items())


def content_of(parameters):
    """Returns what is inside an element: text, members or other elements."""
    if "" in parameters:
        return escape(parameters[""])
    members = {}
    for name, value in parameters.items():
        head, _, rest = name.partition(".")
        if head != "member":
            return to_xml(parameters)
        number, _, rest = rest.partition(".")
        members.setdefault(int(number), {})[rest] = value
    return "".join(f"<member>{content_of(members[number])}</member>" for number in sorted(members))


@behavior(
    "cloudwatch",
    "alarms-show-settings",
    "PutMetricAlarm DescribeAlarms",
    "/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html",
)
def alarms_show_settings(cloudwatch):
    """An alarm has all the settings of its creation, for example its description and its dimensions."""
    put, describe = cloudwatch._put_metric_alarm, cloudwatch._describe_alarms

    def put_with_settings(parameters, *encoding):
        answer = put(parameters, *encoding)
        alarm = cloudwatch._alarms.get(cloudwatch._p(parameters, "AlarmName"))
        if alarm is not None:
            flat = {name: cloudwatch._p(parameters, name) for name in parameters}
            alarm["_settings"] = {name: value for name, value in flat.items() if name.split(".")[0] in SHOWN}
        return answer

    def describe_with_settings(parameters, *encoding):
        status, headers, body = describe(parameters, *encoding)
        if "xml" not in headers["Content-Type"]:
            return status, headers, body
        text = body.decode()
        for name, alarm in cloudwatch._alarms.items():
            start = f"<AlarmName>{name}</AlarmName>"
            text = text.replace(start, start + to_xml(alarm.get("_settings", {})))
        return status, headers, text.encode()

    cloudwatch._put_metric_alarm = put_with_settings
    cloudwatch._describe_alarms = describe_with_settings
