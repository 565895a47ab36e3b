"""tfgen explain against what really stands in Octavia, Neutron and the state."""

from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


def explained(site: Site, target: str) -> dict[str, Any]:
    """Explain one thing."""
    found: dict[str, Any] = orjson.loads(site.tfgen("explain", target, "--format", "json").stdout)
    return found


def test_every_end_leads_to_all_others(site: Site) -> None:
    """From the Service, an address, or any id in the cloud; ids and nodes are those that stand."""
    site.init()
    site.apply(site.service("web", loadBalancerSourceRanges=["192.0.2.0/24"]))
    site.tfgen("run", "--yes")
    octavia = site.lab.openstack().load_balancer
    [balancer], [floating] = site.load_balancers(), site.floating_ips()
    [listener] = octavia.listeners(load_balancer_id=balancer.id)
    [pool] = octavia.pools(loadbalancer_id=balancer.id)
    members = {each.id: each.address for each in octavia.members(pool.id)}

    whole = explained(site, f"{site.name}/web")
    for end in (floating.floating_ip_address, balancer.vip_address, balancer.id, floating.id):
        assert explained(site, end)["resources"] == whole["resources"]
    assert explained(site, listener.id)["service"] == f"{site.name}/web"
    assert explained(site, pool.health_monitor_id)["service"] == f"{site.name}/web"

    ids = {each["id"] for each in whole["resources"]}
    assert ids == {balancer.id, floating.id, listener.id, pool.id, pool.health_monitor_id}
    assert {each["note"] for each in whole["resources"]} == {""}
    [port] = whole["ports"]
    assert {each["id"]: each["address"] for each in port["nodes"]} == members
    assert port["path"][0] == "client in 192.0.2.0/24; all others are dropped"


def test_why_nodes_and_services_are_left_out(site: Site) -> None:
    """A Service of another class is explained, and an unknown one is an error with the nearest."""
    site.init()
    site.apply(site.service("web"), site.service("other", loadBalancerClass="example.org/lb"))
    said = site.tfgen("explain", f"{site.name}/other").stdout
    assert "is none of ours: its class is example.org/lb" in said
    wrong = site.tfgen("explain", f"{site.name}/wob", code=1)
    assert f"Nearest: {site.name}/web" in wrong.stderr
