"""tfgen explain against what really stands in Octavia, Neutron and the state."""

from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

NOTE = "terraform_data."
"""A resource that stands in the state alone."""


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

    ids = {each["id"] for each in whole["resources"] if not each["address"].startswith(NOTE)}
    assert ids == {balancer.id, floating.id, listener.id, pool.id, pool.health_monitor_id}
    assert {each["note"] for each in whole["resources"]} == {""}
    [port] = whole["ports"]
    assert {each["id"]: each["address"] for each in port["nodes"]} == members
    assert port["path"][0] == "client in 192.0.2.0/24; all others are dropped"


def test_why_nodes_are_left_out(site: Site) -> None:
    """A node that the settings leave out is no member, and says why; one that still is says so."""
    site.init()
    site.apply(site.service("web"))
    hosts = [node["metadata"]["name"] for node in nodes(site)]
    first, last = hosts[0], hosts[-1]
    settings = site.folder / "tfgen.yaml"
    text = settings.read_text()
    settings.write_text(f'{text}\nmembers: {{node_selector: "kubernetes.io/hostname!={last}"}}\n')
    site.tfgen("run", "--yes")
    [port] = explained(site, f"{site.name}/web")["ports"]
    found = {node["name"]: (node["member"], node["why"]) for node in port["nodes"]}
    assert found[first] == (True, "")
    assert found[last] == (False, "members.node_selector does not match its labels")
    assert "\nNodes that are no members\n" in site.tfgen("explain", f"{site.name}/web").stdout

    settings.write_text(f'{text}\nmembers: {{node_selector: "kubernetes.io/hostname!={first}"}}\n')
    [port] = explained(site, f"{site.name}/web")["ports"]
    found = {node["name"]: (node["member"], node["why"]) for node in port["nodes"]}
    why = "members.node_selector does not match its labels; the tree still has it: tfgen sync"
    assert found[first] == (True, why)
    assert found[last] == (False, "the tree does not have it yet: tfgen sync")


def nodes(site: Site) -> list[dict[str, Any]]:
    """List the nodes of the cluster."""
    found: list[dict[str, Any]] = orjson.loads(site.kubectl("get", "nodes", "-o", "json"))["items"]
    return found


def test_an_address_that_nobody_can_tell(site: Site) -> None:
    """While the cloud refuses us nothing is called nobody's: who was away is said, with the way."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    settings = site.folder / "tfgen.yaml"
    settings.write_text(settings.read_text().replace("cloud: demo", "cloud: nowhere"))
    wrong = site.tfgen("explain", "203.0.113.9", code=1)
    assert "cloud away: cloud 'nowhere' is not in" in wrong.stderr
    assert "Correct openstack.cloud in tfgen.yaml, --cloud or OS_CLOUD." in wrong.stderr


def test_why_services_are_left_out(site: Site) -> None:
    """A Service of another class is explained, and an unknown one is an error with the nearest."""
    site.init()
    site.apply(site.service("web"), site.service("other", loadBalancerClass="example.org/lb"))
    said = site.tfgen("explain", f"{site.name}/other").stdout
    assert "is none of ours: its class is example.org/lb" in said
    wrong = site.tfgen("explain", f"{site.name}/wob", code=1)
    assert f"Nearest: {site.name}/web" in wrong.stderr
