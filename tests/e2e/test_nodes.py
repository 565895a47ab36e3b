"""What stands behind pools in Octavia: monitors, Local traffic, chosen nodes, draining ones."""

from typing import Any

import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

MONITOR = "tfgen.io/health-monitor-"
SELECTOR = "loadbalancer.openstack.org/node-selector"
NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12", "node-3": "10.0.0.13"}


def pools(site: Site) -> dict[str, tuple[Any, list[Any]]]:
    """Read monitor and members of each pool, by its Service's name."""
    octavia = site.openstack.load_balancer
    found = {}
    for balancer in site.load_balancers():
        for pool in octavia.pools(loadbalancer_id=balancer.id):
            service = balancer.name.rpartition("_")[2]
            members = list(octavia.members(pool.id))
            found[service] = octavia.get_health_monitor(pool.health_monitor_id), members
    return found


def test_monitors_and_local_traffic(site: Site) -> None:
    """A path is asked for as it is said; Local asks the health check node port of every node."""
    asked = {MONITOR + "type": "HTTP", MONITOR + "path": "/ready?a=1", MONITOR + "codes": "200-204"}
    site.init()
    site.apply(
        site.service("asked", annotations=asked),
        site.service("local", externalTrafficPolicy="Local"),
    )

    site.tfgen("run", "--yes")

    found, check = pools(site), site.get("local")["spec"]["healthCheckNodePort"]
    monitor, members = found["asked"]
    assert (monitor.type, monitor.url_path, monitor.expected_codes, monitor.http_method) == (
        "HTTP",
        "/ready?a=1",
        "200-204",
        "GET",
    )
    assert all(member.monitor_port == member.protocol_port for member in members)
    monitor, members = found["local"]
    assert (monitor.type, monitor.url_path, monitor.expected_codes, monitor.is_admin_state_up) == (
        "HTTP",
        "/healthz",
        "200",
        True,
    )
    assert {member.address for member in members} >= set(NODES.values())
    assert {member.monitor_port for member in members} == {check}
    site.tfgen("plan", "--exit-code", code=0)


@pytest.mark.disruptive
def test_chosen_and_draining_nodes(site: Site) -> None:
    """A selector takes its nodes alone; a node that drains has weight 0, and no intent changes."""
    label = f"{site.name}=edge"
    try:
        site.kubectl("label", "node", "node-1", "node-2", label)
        site.init()
        site.apply(site.service("edge", annotations={SELECTOR: label}))
        site.tfgen("run", "--yes")
        _, members = pools(site)["edge"]
        assert {member.address for member in members} == {NODES["node-1"], NODES["node-2"]}
        intent = {path: path.read_bytes() for path in site.tree.rglob("*.tf")}

        site.kubectl("annotate", "node", "node-1", "tfgen.io/drain=true")
        site.tfgen("sync")

        _, members = pools(site)["edge"]
        weights = {member.address: member.weight for member in members}
        assert weights == {NODES["node-1"]: 0, NODES["node-2"]: 1}
        assert {path: path.read_bytes() for path in intent} == intent
        site.tfgen("plan", "--exit-code", code=0)
    finally:
        site.kubectl("annotate", "node", "node-1", "tfgen.io/drain-")
        site.kubectl("label", "node", "node-1", "node-2", f"{site.name}-")
