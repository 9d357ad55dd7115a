"""Rules of ElastiCache for Redis."""

from .table import refusal

MODIFY = "/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html"
TLS = "/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html"


def group_of(elasticache, request):
    """Returns the replication group of a call, or None."""
    return elasticache._replication_groups.get(request.get("ReplicationGroupId"))


@refusal("elasticache", "redis-tls-in-two-steps", "ModifyReplicationGroup", "InvalidParameterCombination", MODIFY)
def tls_in_two_steps(elasticache, request):
    """TLS is turned on with the mode preferred, then with the mode required, and turned off the other way round."""
    group = group_of(elasticache, request)
    enabled, mode = request.flag("TransitEncryptionEnabled"), request.get("TransitEncryptionMode")
    if group is None or (enabled is None and not mode):
        return None
    is_on, current = group["TransitEncryptionEnabled"], group["TransitEncryptionMode"]
    if not is_on and mode and not enabled:
        return "To modify transit encryption mode, set encryption-in-transit as enabled."
    if not is_on and enabled and mode != "preferred":
        return "To enable encryption-in-transit on an existing cluster, set the transit encryption mode to preferred."
    if is_on and enabled is False and current != "preferred":
        return "To disable encryption-in-transit, first set the transit encryption mode to preferred."


@refusal("elasticache", "redis-tls-at-once", "ModifyReplicationGroup", "InvalidParameterCombination", TLS)
def tls_at_once(elasticache, request):
    """TLS and its mode are changed with ApplyImmediately only."""
    is_changed = request.flag("TransitEncryptionEnabled") is not None or request.get("TransitEncryptionMode")
    if group_of(elasticache, request) and is_changed and not request.flag("ApplyImmediately"):
        return "Transit encryption can only be modified with ApplyImmediately."


@refusal("elasticache", "redis-tls-with-token", "ModifyReplicationGroup", "InvalidParameterCombination", TLS)
def tls_with_token(elasticache, request):
    """TLS and its mode cannot be changed while the group has a token, and a token needs the mode required."""
    group = group_of(elasticache, request)
    if group is None:
        return None
    is_changed = request.flag("TransitEncryptionEnabled") is not None or request.get("TransitEncryptionMode")
    if is_changed and group["AuthTokenEnabled"]:
        return "Modification of transit encryption is not supported for access control enabled clusters."
    if request.get("AuthToken") and "preferred" in (
        group["TransitEncryptionMode"],
        request.get("TransitEncryptionMode"),
    ):
        return "Transit encryption preferred is not supported with access control enabled clusters."


@refusal(
    "elasticache",
    "redis-group-family",
    "CreateCacheCluster CreateReplicationGroup ModifyCacheCluster ModifyReplicationGroup",
    "InvalidParameterCombination",
    MODIFY,
)
def group_of_another_family(elasticache, request):
    """A parameter group must be of the family of the engine version."""
    record = group_of(elasticache, request) or elasticache._clusters.get(request.get("CacheClusterId")) or {}
    group = elasticache._param_groups.get(request.get("CacheParameterGroupName"))
    version = request.get("EngineVersion") or record.get("EngineVersion")
    if group is None or not version:
        return None
    needed = elasticache._param_group_family_for_engine(request.get("Engine") or record.get("Engine"), version)
    if group["CacheParameterGroupFamily"] != needed:
        found = group["CacheParameterGroupFamily"]
        return f"Expected a parameter group of family {needed} but found one of family {found}"


@refusal(
    "elasticache",
    "redis-group-in-use",
    "DeleteCacheParameterGroup",
    "InvalidCacheParameterGroupState",
    "/AmazonElastiCache/latest/APIReference/API_DeleteCacheParameterGroup.html",
)
def group_in_use(elasticache, request):
    """A parameter group cannot be deleted while a cluster uses it."""
    name = request.get("CacheParameterGroupName")
    if any(each["CacheParameterGroup"]["CacheParameterGroupName"] == name for each in elasticache._clusters.values()):
        return f"One or more cache clusters are still members of the parameter group {name}."


REPLICAS = "/AmazonElastiCache/latest/APIReference/API_DecreaseReplicaCount.html"


@refusal(
    "elasticache",
    "redis-failover-replicas",
    "CreateReplicationGroup ModifyReplicationGroup",
    "InvalidParameterCombination",
    "/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
)
def failover_without_replica(elasticache, request):
    """Automatic failover needs a replica, and Multi-AZ needs automatic failover."""
    group = group_of(elasticache, request) or {"AutomaticFailover": "disabled"}
    nodes = len(group.get("MemberClusters", [])) or int(request.get("NumCacheClusters") or 1)
    failover = request.flag("AutomaticFailoverEnabled")
    if failover and nodes < 2:
        return "When using automatic failover, there must be at least 2 cache clusters in the replication group."
    is_off = failover is False or (failover is None and group["AutomaticFailover"] == "disabled")
    if request.flag("MultiAZEnabled") and is_off:
        return "Multi-AZ requires automatic failover."


@refusal("elasticache", "redis-last-replica", "DecreaseReplicaCount", "InvalidParameterCombination", REPLICAS)
def last_replica(elasticache, request):
    """The last replica stays while automatic failover or Multi-AZ is on."""
    group = group_of(elasticache, request)
    if (
        group
        and int(request.get("NewReplicaCount") or 0) == 0
        and "enabled" in (group["AutomaticFailover"], group["MultiAZ"])
    ):
        return "Automatic failover and Multi-AZ must be disabled before the last replica is removed."


@refusal(
    "elasticache",
    "redis-replicas-at-once",
    "IncreaseReplicaCount DecreaseReplicaCount",
    "InvalidParameterValue",
    REPLICAS,
)
def replicas_at_once(_, request):
    """The number of replicas is changed with ApplyImmediately only."""
    if not request.flag("ApplyImmediately"):
        return "ApplyImmediately must be true."
