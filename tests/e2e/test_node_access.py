"""Node ports in Neutron: open are those in use, at the nodes that are named."""

from collections.abc import Iterator
from typing import Any

import pytest
from openstack.network.v2.port import Port
from openstack.network.v2.security_group import SecurityGroup
from openstack.network.v2.subnet import Subnet

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

PORTS = [
    {"name": "http", "port": 80},
    {"name": "dns", "port": 53, "protocol": "UDP"},
]
LOCAL = {"externalTrafficPolicy": "Local"}


@pytest.fixture
def node(site: Site) -> Iterator[Port]:
    """Make a node's port that has a group of its own."""
    network = site.openstack.network
    subnet = vips(site)
    own = network.create_security_group(name=f"{site.name}-own")
    port = network.create_port(
        network_id=subnet.network_id, security_groups=[own.id], name=f"{site.name}-node"
    )
    yield port
    network.delete_port(port)
    network.delete_security_group(own)
    for left in groups(site):
        network.delete_security_group(left)


def vips(site: Site) -> Subnet:
    """Give the subnet of VIPs, from which members are reached."""
    found = site.openstack.network.find_subnet("demo-subnet", ignore_missing=False)
    assert found
    return found


def groups(site: Site) -> list[SecurityGroup]:
    """Give the security groups of the site, by their tags."""
    return list(site.openstack.network.security_groups(tags=f"tfgen_cluster={site.name}"))


def opened(site: Site) -> set[tuple[Any, ...]]:
    """Give what the site's one group lets through."""
    (group,) = groups(site)
    rules = site.openstack.network.security_group_rules(security_group_id=group.id)
    return {
        (
            each.direction,
            each.ether_type,
            each.protocol,
            each.port_range_min,
            each.port_range_max,
            each.remote_ip_prefix,
        )
        for each in rules
    }


def wanted(site: Site, *names: str) -> set[tuple[Any, ...]]:
    """Give the same of the node ports that these Services have."""
    cidr = vips(site).cidr
    found = set()
    for name in names:
        spec = site.get(name)["spec"]
        ports = {(each["protocol"].lower(), each["nodePort"]) for each in spec["ports"]}
        if "healthCheckNodePort" in spec:
            ports.add(("tcp", spec["healthCheckNodePort"]))
        found |= {("ingress", "IPv4", protocol, at, at, cidr) for protocol, at in ports}
    return found


def switch(site: Site, port: Port, *, on: bool) -> None:
    """Say in the settings whether there is such a group, and that the node gets it."""
    file, mark = site.folder / "tfgen.yaml", "\n# the end\nnode_access:\n"
    cidr = vips(site).cidr
    section = f"  enabled: {str(on).lower()}\n  member_cidr: {cidr}\n"
    text = file.read_text().partition(mark)[0].replace("\n# node_access:\n", "\n")
    file.write_text(f"{text}{mark}{section}  node_ports: {{node-1: {port.id}}}\n")


def at_node(site: Site, port: Port) -> set[str]:
    """Give the groups of the node's port."""
    return set(site.openstack.network.get_port(port.id).security_group_ids)


def test_node_ports_in_use_are_open(site: Site, node: Port) -> None:
    """Just those; a new one is synced; what goes is closed; and switched off, the group goes.

    A rule that somebody removed by hand hinders none of the others from going.
    """
    site.init()
    switch(site, node, on=True)
    site.apply(site.service("web", ports=PORTS), site.service("local", **LOCAL))
    site.tfgen("run", "--yes")
    (group,) = groups(site)
    assert opened(site) == wanted(site, "web", "local")
    assert len(opened(site)) == len(PORTS) + 2
    assert at_node(site, node) == {*node.security_group_ids, group.id}
    site.tfgen("plan", "--exit-code", code=0)

    before = opened(site)
    path = f'[{{"op": "replace", "path": "/spec/ports/0/nodePort", "value": {free(site)}}}]'
    site.kubectl("patch", "service", "web", "-n", site.name, "--type=json", "-p", path)
    intent = {path: path.read_bytes() for path in site.tree.rglob("*.tf")}
    site.tfgen("sync")
    assert opened(site) == wanted(site, "web", "local")
    assert len(opened(site) - before) == len(before - opened(site)) == 1
    assert {path: path.read_bytes() for path in intent} == intent

    close(site, site.get("local")["spec"]["healthCheckNodePort"])
    site.kubectl("delete", "service", "local", "-n", site.name)
    site.tfgen("run", "--yes")
    assert opened(site) == wanted(site, "web")
    assert [each.id for each in groups(site)] == [group.id]
    site.tfgen("plan", "--exit-code", code=0)

    switch(site, node, on=False)
    site.tfgen("run", "--yes")
    assert groups(site) == []
    assert at_node(site, node) == set(node.security_group_ids)
    assert not [*site.tree.rglob("*node_access*.tf"), *site.tree.glob("modules/node_access/*")]
    site.tfgen("plan", "--exit-code", code=0)


def close(site: Site, port: int) -> None:
    """Remove a rule behind tfgen's back."""
    network, (group,) = site.openstack.network, groups(site)
    rules = network.security_group_rules(security_group_id=group.id)
    (found,) = [each for each in rules if each.port_range_min == port]
    network.delete_security_group_rule(found)


def free(site: Site) -> int:
    """Give a node port that no Service has."""
    text = site.kubectl(
        "get", "services", "-A", "-o", "jsonpath={.items[*].spec.ports[*].nodePort}"
    )
    return next(number for number in range(31999, 30000, -1) if str(number) not in text.split())
