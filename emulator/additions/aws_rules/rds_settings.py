"""Rules of RDS: settings that the emulator does not store or return."""

from .rds import MODIFY
from .table import behavior

FLAGS = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
}
EXPORTS = "EnabledCloudwatchLogsExports"
SUPPORT = "EngineLifecycleSupport"
# AWS's default at creation.
EXTENDED_SUPPORT = "open-source-rds-extended-support"


@behavior("rds", "rds-shows-settings", "CreateDBInstance ModifyDBInstance DescribeDBInstances", MODIFY)
def shows_settings(rds):
    """
    An instance has its exported logs and its support of old versions. Changes of minor upgrades and Performance
    Insights apply at once.
    """
    create, modify = rds._ACTION_MAP["CreateDBInstance"], rds._ACTION_MAP["ModifyDBInstance"]
    to_xml = rds._instance_xml

    def create_with_settings(parameters):
        answer = create(parameters)
        instance = rds._resolve_instance(rds._p(parameters, "DBInstanceIdentifier"))
        if answer[0] < 400:
            instance[EXPORTS] = rds._parse_member_list(parameters, "EnableCloudwatchLogsExports")
            instance[SUPPORT] = rds._p(parameters, SUPPORT) or EXTENDED_SUPPORT
        return answer

    def modify_with_settings(parameters):
        instance = rds._resolve_instance(rds._p(parameters, "DBInstanceIdentifier"))
        answer = modify(parameters)
        if answer[0] < 400:
            change(instance, parameters)
        return answer

    def change(instance, parameters):
        for name, key in FLAGS.items():
            if rds._p(parameters, name):
                instance[key] = rds._p(parameters, name) == "true"
        added = rds._parse_member_list(parameters, "CloudwatchLogsExportConfiguration.EnableLogTypes")
        removed = rds._parse_member_list(parameters, "CloudwatchLogsExportConfiguration.DisableLogTypes")
        instance[EXPORTS] = [each for each in dict.fromkeys([*instance[EXPORTS], *added]) if each not in removed]

    def with_settings(instance):
        logs = "".join(f"<member>{each}</member>" for each in instance.get(EXPORTS, []))
        support = f"<{SUPPORT}>{instance.get(SUPPORT, EXTENDED_SUPPORT)}</{SUPPORT}>"
        return to_xml(instance).replace(f"<{EXPORTS}/>", f"<{EXPORTS}>{logs}</{EXPORTS}>") + support

    rds._ACTION_MAP["CreateDBInstance"] = create_with_settings
    rds._ACTION_MAP["ModifyDBInstance"] = modify_with_settings
    rds._instance_xml = with_settings
