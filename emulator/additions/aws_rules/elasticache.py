"""Rules of ElastiCache for Redis."""
from .maintenance import WAITING, Queue
from .table import behavior, refusal

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
    if request.get("AuthToken") and "preferred" in (group["TransitEncryptionMode"], request.get("TransitEncryptionMode")):
        return "Transit encryption preferred is not supported with access control enabled clusters."


@refusal(
    "elasticache", "redis-group-family",
    "CreateCacheCluster CreateReplicationGroup ModifyCacheCluster ModifyReplicationGroup", "InvalidParameterCombination", MODIFY,
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
        return f"Expected a parameter group of family {needed} but found one of family {group['CacheParameterGroupFamily']}"


@refusal(
    "elasticache", "redis-group-in-use", "DeleteCacheParameterGroup", "InvalidCacheParameterGroupState",
    "/AmazonElastiCache/latest/APIReference/API_DeleteCacheParameterGroup.html",
)
def group_in_use(elasticache, request):
    """A parameter group cannot be deleted while a cluster uses it."""
    name = request.get("CacheParameterGroupName")
    if any(each["CacheParameterGroup"]["CacheParameterGroupName"] == name for each in elasticache._clusters.values()):
        return f"One or more cache clusters are still members of this parameter group {name}, so the group cannot be deleted."


# Parameters that wait, with their keys in a record and in the PendingModifiedValues of a cluster.
QUEUED = ("CacheNodeType", "EngineVersion", "NumCacheNodes")
# Parameters of a replication group, with the keys in its nodes.
OF_NODES = ("CacheNodeType", "EngineVersion", "PreferredMaintenanceWindow", "SnapshotWindow")
STATES = {"AutomaticFailoverEnabled": "AutomaticFailover", "MultiAZEnabled": "MultiAZ"}


def nodes_of(elasticache, group):
    """Returns the records of a group's nodes."""
    return [elasticache._clusters[each] for each in group["MemberClusters"] if each in elasticache._clusters]


def pending_xml(record):
    """Returns the waiting changes of a cluster or a group, as AWS shows them."""
    waiting = record.get(WAITING, {})
    shown = {name: value for name, value in waiting.items() if name in QUEUED}
    if "AutomaticFailoverEnabled" in waiting:
        shown["AutomaticFailoverStatus"] = "enabled" if waiting["AutomaticFailoverEnabled"] == "true" else "disabled"
    return "".join(f"<{name}>{value}</{name}>" for name, value in shown.items())


def with_pending(to_xml):
    """Adds PendingModifiedValues to a function that writes a cluster or a group."""
    return lambda record: f"{to_xml(record)}<PendingModifiedValues>{pending_xml(record)}</PendingModifiedValues>"


@behavior("elasticache", "redis-nodes-follow-group", "ModifyReplicationGroup", MODIFY)
def nodes_follow_group(elasticache):
    """A change of a replication group changes its nodes: node type, version, windows, parameter group and TLS."""
    modify = elasticache._modify_replication_group

    def modify_with_nodes(parameters):
        def text(name):
            return elasticache._p(parameters, name)

        group = elasticache._replication_groups.get(text("ReplicationGroupId"))
        answer = modify(parameters)
        if answer[0] >= 400:
            return answer
        changes = {name: text(name) for name in OF_NODES if text(name)}
        if text("TransitEncryptionEnabled"):
            changes["TransitEncryptionEnabled"] = text("TransitEncryptionEnabled") == "true"
        if text("TransitEncryptionMode"):
            changes["TransitEncryptionMode"] = text("TransitEncryptionMode")
        if changes.get("TransitEncryptionEnabled") is False:
            changes["TransitEncryptionMode"] = None
        for record in [group, *nodes_of(elasticache, group)]:
            record.update(changes)
        if text("CacheParameterGroupName"):
            for node in nodes_of(elasticache, group):
                node["CacheParameterGroup"]["CacheParameterGroupName"] = text("CacheParameterGroupName")
        return answer

    elasticache._modify_replication_group = modify_with_nodes


@behavior("elasticache", "redis-changes-wait", "ModifyCacheCluster ModifyReplicationGroup", MODIFY)
def changes_wait(elasticache):
    """
    Without ApplyImmediately, changes of node type, version, number of nodes, failover and Multi-AZ wait for the maintenance
    window. PendingModifiedValues has them: node type and version those of the nodes, failover those of the group.
    """

    def fields_of_cluster(cluster, _):
        return {name: str(cluster.get(name)) for name in QUEUED}

    def fields_of_group(group, _):
        states = {name: str(group[key] == "enabled").lower() for name, key in STATES.items()}
        return {**{name: str(group[name]) for name in QUEUED[:2]}, **states}

    def show_on_nodes(group):
        for node in nodes_of(elasticache, group):
            node[WAITING] = {name: value for name, value in group[WAITING].items() if name in QUEUED}

    clusters, groups = elasticache._clusters, elasticache._replication_groups
    elasticache._modify_cache_cluster = Queue(
        "CacheClusterId", clusters.get, fields_of_cluster, lambda _: None, elasticache._modify_cache_cluster
    ).call
    elasticache._modify_replication_group = Queue(
        "ReplicationGroupId", groups.get, fields_of_group, show_on_nodes, elasticache._modify_replication_group
    ).call
    elasticache._cluster_xml_inner = with_pending(elasticache._cluster_xml_inner)
    elasticache._rg_xml = with_pending(elasticache._rg_xml)
