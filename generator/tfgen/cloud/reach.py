"""Which node ports a security group opens, as Neutron has it."""

from collections.abc import Mapping

from tfgen.cloud import session


def openings(cloud: session.Cloud, group_id: str) -> Mapping[str, str]:
    """Give the ids of a group's rules for single ports, by protocol and port: `tcp-30080`.

    Raises CloudError.
    """
    with cloud.asking("network") as asked:
        found = list(asked.network.security_group_rules(security_group_id=group_id))
    return {
        f"{each.protocol}-{each.port_range_min}": str(each.id)
        for each in found
        if each.direction == "ingress"
        and each.port_range_min is not None
        and each.port_range_min == each.port_range_max
    }
