"""Rules of ElastiCache for Redis: changes of nodes, at once or in the maintenance window."""

import copy

from .elasticache import MODIFY, REPLICAS
from .maintenance import WAITING, Queue
from .table import behavior

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


@behavior(
    "elasticache",
    "redis-nodes-show-minor-upgrades",
    "DescribeCacheClusters",
    "/AmazonElastiCache/latest/APIReference/API_CacheCluster.html",
)
def nodes_show_minor_upgrades(elasticache):
    """A node shows whether it gets minor versions automatically."""
    to_xml = elasticache._cluster_xml_inner

    def with_minor_upgrades(node):
        upgrades = str(node["AutoMinorVersionUpgrade"]).lower()
        return f"{to_xml(node)}<AutoMinorVersionUpgrade>{upgrades}</AutoMinorVersionUpgrade>"

    elasticache._cluster_xml_inner = with_minor_upgrades


@behavior("elasticache", "redis-changes-wait", "ModifyCacheCluster ModifyReplicationGroup", MODIFY)
def changes_wait(elasticache):
    """
    Without ApplyImmediately, changes of node type, version, number of nodes, failover and Multi-AZ wait for the
    maintenance window. The PendingModifiedValues of nodes and group have them.
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


@behavior("elasticache", "redis-replicas-are-nodes", "IncreaseReplicaCount DecreaseReplicaCount", REPLICAS)
def replicas_are_nodes(elasticache):
    """A change of the number of replicas adds and removes cache clusters."""

    def with_nodes(change):
        def change_with_nodes(parameters):
            group = elasticache._replication_groups.get(elasticache._p(parameters, "ReplicationGroupId"))
            before = nodes_of(elasticache, group)[0] if group else None
            answer = change(parameters)
            if before is None or answer[0] >= 400:
                return answer
            members = [each["CacheClusterId"] for shard in group["NodeGroups"] for each in shard["NodeGroupMembers"]]
            for removed in set(group["MemberClusters"]) - set(members):
                elasticache._clusters.pop(removed, None)
            for added in [each for each in members if each not in group["MemberClusters"]]:
                arn = elasticache._arn_cluster(added)
                elasticache._clusters[added] = {
                    **copy.deepcopy(before),
                    "CacheClusterId": added,
                    "CacheClusterArn": arn,
                }
                elasticache._tags[arn] = elasticache._copy_tag_list(elasticache._tags.get(group["ARN"], []))
            group["MemberClusters"] = members
            return answer

        return change_with_nodes

    elasticache._increase_replica_count = with_nodes(elasticache._increase_replica_count)
    elasticache._decrease_replica_count = with_nodes(elasticache._decrease_replica_count)


@behavior(
    "elasticache",
    "redis-parameters-by-source",
    "DescribeCacheParameters",
    "/AmazonElastiCache/latest/APIReference/API_DescribeCacheParameters.html",
)
def parameters_by_source(elasticache):
    """With Source, only parameters of this source are returned, for example those that a user has set."""
    describe = elasticache._describe_cache_parameters

    def describe_by_source(parameters):
        name, source = (elasticache._p(parameters, each) for each in ("CacheParameterGroupName", "Source"))
        every = elasticache._param_group_params.get(name)
        if not source or every is None:
            return describe(parameters)
        elasticache._param_group_params[name] = {key: each for key, each in every.items() if each["Source"] == source}
        try:
            return describe(parameters)
        finally:
            elasticache._param_group_params[name] = every

    elasticache._describe_cache_parameters = describe_by_source
