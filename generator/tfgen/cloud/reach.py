"""Which node ports a security group opens, as Neutron has it."""

from collections.abc import Mapping

from tfgen.cloud import records, session


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


def group(cloud: session.Cloud, cluster: str, tree: str, name: str) -> str:
    """Give the id of the one security group of a tree that has a name; "" where none is, or two.

    Raises CloudError.
    """
    tags = ",".join(records.owner_tags(cluster, tree))
    with cloud.asking("network") as asked:
        project = asked.session.get_project_id()
        found = list(asked.network.security_groups(name=name, tags=tags, project_id=project))
    return str(found[0].id) if len(found) == 1 else ""
