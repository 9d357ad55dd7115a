"""Zones of subnets."""


def zones_of(subnets):
    """Returns the zones of subnets, by id, without unknown subnets."""
    from ministack.services import ec2

    return {each: ec2._subnets[each]["AvailabilityZone"] for each in subnets if each in ec2._subnets}


def are_in_one_zone(subnets):
    """Returns whether all of these subnets are known and in one zone."""
    zones = zones_of(subnets)
    return 0 < len(subnets) == len(zones) and len(set(zones.values())) == 1
