"""Rules of RDS for PostgreSQL: versions, parameter groups, and changes that wait for the maintenance window."""

from .maintenance import WAITING, Queue
from .table import behavior, refusal

CREATE = "/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
MODIFY = "/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html"
UPGRADE = "/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.Process.html"


def major(version):
    """Returns the major version, for example "16" of "16.9"."""
    return version.split(".")[0]


def instance_of(rds, request):
    """Returns the instance of a call, or None."""
    return rds._resolve_instance(request.get("DBInstanceIdentifier"))


def is_major_upgrade(instance, request):
    """Returns whether a call asks for another major version."""
    asked = request.get("EngineVersion")
    return bool(instance and asked) and major(asked) != major(instance["EngineVersion"])


@refusal("rds", "rds-major-version-flag", "ModifyDBInstance", "InvalidParameterCombination", MODIFY)
def major_version_without_flag(rds, request):
    """Another major version needs AllowMajorVersionUpgrade."""
    if is_major_upgrade(instance_of(rds, request), request) and not request.flag("AllowMajorVersionUpgrade"):
        return "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."


@refusal("rds", "rds-major-version-group", "ModifyDBInstance", "InvalidParameterCombination", UPGRADE)
def major_version_without_group(rds, request):
    """Another major version of an instance with a parameter group of its own needs a group for the new version."""
    instance = instance_of(rds, request)
    if not is_major_upgrade(instance, request) or request.get("DBParameterGroupName"):
        return None
    group = instance["DBParameterGroups"][0]["DBParameterGroupName"]
    if not group.startswith("default."):
        return (
            f"The current DB instance parameter group {group} is custom. You must explicitly specify a new DB instance "
            "parameter group, either default or custom, for the engine version upgrade."
        )


@refusal("rds", "rds-group-family", "CreateDBInstance ModifyDBInstance", "InvalidParameterCombination", MODIFY)
def group_of_another_family(rds, request):
    """A parameter group must be of the family of the instance's engine version."""
    instance = instance_of(rds, request) or {}
    group = rds._param_groups.get(request.get("DBParameterGroupName"))
    version = (
        request.get("EngineVersion") or instance.get(WAITING, {}).get("EngineVersion") or instance.get("EngineVersion")
    )
    if group is None or not version:
        return None
    needed = (request.get("Engine") or instance.get("Engine", "")) + major(version)
    if group["DBParameterGroupFamily"] != needed:
        return (
            f"The Parameter Group {group['DBParameterGroupName']} with DBParameterGroupFamily "
            f"{group['DBParameterGroupFamily']} cannot be used for this instance. "
            f"Please use a Parameter Group with DBParameterGroupFamily {needed}"
        )


@refusal(
    "rds",
    "rds-group-in-use",
    "DeleteDBParameterGroup",
    "InvalidDBParameterGroupState",
    "/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html",
)
def group_in_use(rds, request):
    """A parameter group cannot be deleted while an instance uses it or will use it after the maintenance window."""
    name = request.get("DBParameterGroupName")
    for instance in rds._instances.values():
        used = [each["DBParameterGroupName"] for each in instance["DBParameterGroups"]]
        if name in [*used, instance.get(WAITING, {}).get("DBParameterGroupName")]:
            return (
                f"One or more database instances are still members of this parameter group {name}, "
                "so the group cannot be deleted"
            )


QUEUED = {
    "AllocatedStorage": "AllocatedStorage",
    "CACertificateIdentifier": "CACertificateIdentifier",
    "DBInstanceClass": "DBInstanceClass",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EngineVersion": "EngineVersion",
    "Iops": "Iops",
    "MultiAZ": "MultiAZ",
    "StorageType": "StorageType",
}


def as_text(value):
    """Returns a value as a call has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def queued_fields(instance, values):
    """Returns the parameters that wait, with their current values."""
    fields = {name: as_text(instance.get(key)) for name, key in QUEUED.items()}
    # Backups are turned on or off in the window; another number of days applies at once.
    days = str(instance["BackupRetentionPeriod"])
    if "0" in (days, values.get("BackupRetentionPeriod")):
        fields["BackupRetentionPeriod"] = days
    # A group for the next major version cannot be used before that version.
    version = values.get("EngineVersion") or instance.get(WAITING, {}).get("EngineVersion")
    if version not in (None, instance["EngineVersion"]):
        fields["DBParameterGroupName"] = instance["DBParameterGroups"][0]["DBParameterGroupName"]
    return fields


def show_waiting(instance):
    """Shows what waits in PendingModifiedValues, which has no parameter group."""
    waiting = instance.get(WAITING, {})
    instance["PendingModifiedValues"] = {
        QUEUED.get(name, name): value for name, value in waiting.items() if name != "DBParameterGroupName"
    }


@behavior(
    "rds",
    "rds-changes-wait",
    "ModifyDBInstance",
    "/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html",
)
def changes_wait(rds):
    """
    Without ApplyImmediately, changes of class, storage, version, Multi-AZ, certificate authority and IAM authentication
    wait for the maintenance window. PendingModifiedValues has them. The next call at once applies them too.
    """
    modify = rds._ACTION_MAP["ModifyDBInstance"]
    queue = Queue("DBInstanceIdentifier", rds._resolve_instance, queued_fields, show_waiting, modify)
    rds._ACTION_MAP["ModifyDBInstance"] = queue.call


@refusal(
    "rds", "rds-final-snapshot-name", "DeleteDBInstance", "DBSnapshotAlreadyExists",
    "/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html",
)
def taken_snapshot_name(rds, request):
    """A final snapshot needs a name that no other snapshot has."""
    name = request.get("FinalDBSnapshotIdentifier")
    if name in rds._snapshots and not request.flag("SkipFinalSnapshot"):
        return f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."


@behavior(
    "rds", "rds-insights-mode", "DescribeDBInstances CreateDBInstance",
    "/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.TurningOnStandard.html",
)
def shows_insights_mode(rds):
    """An instance shows its mode of Database Insights."""
    describe = rds._instance_xml
    rds._instance_xml = lambda instance: describe(instance) + "<DatabaseInsightsMode>standard</DatabaseInsightsMode>"
