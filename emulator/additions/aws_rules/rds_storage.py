"""Rules of RDS for PostgreSQL: storage, subnets and names."""

import re

from . import maintenance
from .rds import CREATE, MODIFY, instance_of
from .table import refusal
from .zones import are_in_one_zone

SIX_HOURS = "/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html"
STORAGE = {"AllocatedStorage": "AllocatedStorage", "StorageType": "StorageType", "Iops": "Iops"}
# Reserved key words that cannot be a name without quotes (postgresql.org, appendix "SQL Key Words").
RESERVED = set("""
    all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
    current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral
    leading limit localtime localtimestamp not null offset on only or order placing primary references returning
    select session_user some symmetric system_user table then to trailing true union unique user using variadic when
    where window with
    """.split())
OF_RDS = {"admin", "rdsadmin", "rdsrepladmin", "rds_superuser"}
DATABASES = {"rdsadmin", "template0", "template1"}


@refusal("rds", "rds-user-name", "CreateDBInstance", "InvalidParameterValue", CREATE)
def reserved_user_name(_, request):
    """The master user's name is no key word of PostgreSQL, not `admin`, and does not begin with `pg_` or `rds_`."""
    name = request.get("MasterUsername")
    if name.lower() in RESERVED | OF_RDS or name.lower().startswith(("pg_", "rds_")):
        return f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"


@refusal("rds", "rds-database-name", "CreateDBInstance", "InvalidParameterValue", CREATE)
def reserved_database_name(_, request):
    """The database's name begins with a letter, has at most 63 letters, digits and `_`, and is no reserved word."""
    name = request.get("DBName")
    if name.lower() in RESERVED | DATABASES:
        return f"Database name {name} cannot be used. Reserved word for this engine"
    if name and not re.fullmatch(r"[A-Za-z]\w{0,62}", name, re.ASCII):
        return f"The parameter DBName is not valid: {name}"


@refusal("rds", "rds-storage-shrinks", "ModifyDBInstance", "InvalidParameterCombination", MODIFY)
def storage_shrinks(rds, request):
    """Storage cannot be made smaller."""
    instance, asked = instance_of(rds, request), request.get("AllocatedStorage")
    if instance and asked and int(asked) < int(instance["AllocatedStorage"]):
        engine, storage = instance["Engine"], instance["StorageType"]
        return f"Invalid storage size for engine name {engine} and storage type {storage}: {asked}"


@refusal("rds", "rds-storage-limit", "CreateDBInstance ModifyDBInstance", "InvalidParameterCombination", MODIFY)
def limit_below_storage(rds, request):
    """The limit of storage autoscaling is above the storage. A call that raises the storage above it raises both."""
    instance = instance_of(rds, request) or {}
    storage = int(request.get("AllocatedStorage") or instance.get("AllocatedStorage", 0))
    limit = int(request.get("MaxAllocatedStorage") or instance.get("MaxAllocatedStorage", 0))
    # An existing instance's limit that equals its storage turns autoscaling off.
    is_turned_off = bool(instance and request.get("MaxAllocatedStorage")) and limit == storage
    if limit and limit <= storage and not is_turned_off:
        return "Max storage size must be greater than storage size"


@refusal("rds", "rds-storage-six-hours", "ModifyDBInstance", "InvalidParameterCombination", SIX_HOURS)
def storage_changed_before(rds, request):
    """After a change of storage, the next one waits for six hours. A maintenance window ends the wait."""
    instance = instance_of(rds, request)
    is_changed = instance and any(
        request.get(name) not in ("", str(instance.get(key))) for name, key in STORAGE.items()
    )
    if not is_changed or not request.flag("ApplyImmediately"):
        return None
    if instance.get("_storage_window") == maintenance.windows_passed():
        return (
            "You can't currently modify the storage of this DB instance "
            "because the previous storage change is being optimized."
        )
    instance["_storage_window"] = maintenance.windows_passed()


@refusal(
    "rds",
    "rds-subnet-zones",
    "CreateDBSubnetGroup ModifyDBSubnetGroup",
    "DBSubnetGroupDoesNotCoverEnoughAZs",
    "/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
)
def subnets_in_one_zone(_, request):
    """A subnet group has subnets in at least two zones."""
    if are_in_one_zone(request.list("SubnetIds.SubnetIdentifier") or request.list("SubnetIds.member")):
        return (
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            "Add subnets to cover at least 2 AZs."
        )
