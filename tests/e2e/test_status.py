"""tfgen status on a real cloud and a real cluster, at each station of a Service's way."""

from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


def row(site: Site, name: str, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Give the row of one Service."""
    said = site.tfgen("status", "--format", "json", *arguments, code=code).stdout
    rows = {each["service"]: each for each in orjson.loads(said)["services"]}
    found: dict[str, Any] = rows[f"{site.name}/{name}"]
    return found


def texts(site: Site, name: str) -> list[str]:
    """Give what differs with one Service, in words."""
    return [each["text"] for each in row(site, name)["differences"]]


def test_the_way_to_an_address(site: Site) -> None:
    """New, rendered, applied, published: each station has its word."""
    site.init()
    site.apply(site.service("web"))
    assert row(site, "web")["state"] == "not rendered"
    site.tfgen("render")
    assert row(site, "web")["state"] == "not applied"
    site.tfgen("plan")
    site.tfgen("apply", "--yes")
    found = row(site, "web")
    assert "not published" in found["state"]
    [floating], [balancer] = site.floating_ips(), site.load_balancers()
    assert found["address"] == floating.floating_ip_address
    assert found["load_balancer"]["id"] == balancer.id
    site.tfgen("publish")
    assert "not published" not in row(site, "web", "--state")["state"]


def test_the_way_of_a_change_and_out(site: Site) -> None:
    """Changed, rendered, gone, removed from the tree: what is still to be applied is said."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    ports = [{"name": "http", "port": 80}, {"name": "https", "port": 443}]
    site.apply(site.service("web", ports=ports, loadBalancerSourceRanges=["192.0.2.0/24"]))
    [difference] = [text for text in texts(site, "web") if "tcp-443" in text]
    assert "port tcp-443 is new" in difference
    assert "allowed_cidrs: 0.0.0.0/0 -> 192.0.2.0/24" in difference
    site.tfgen("render")
    assert "the cloud has 1 of its ports, the tree 2" in texts(site, "web")

    site.kubectl("delete", "service", "web", "-n", site.name)
    assert "gone" in row(site, "web")["state"]
    site.tfgen("render")
    left = row(site, "web")
    assert "not applied" in left["state"]
    assert "the tree has it no more" in left["differences"][0]["text"]


def test_two_list_calls_whatever_the_number(site: Site) -> None:
    """Octavia and Neutron are asked for this tree's objects once each, and for no single one."""
    site.init()
    site.apply(*(site.service(name) for name in ("one", "two", "three")))
    site.tfgen("run", "--yes")
    ids = {each.id for each in (*site.load_balancers(), *site.floating_ips())}
    with site.lab.count_calls() as calls:
        shown = site.tfgen("status").stdout
    assert all(f"{site.name}/{name}" in shown for name in ("one", "two", "three"))
    ours = [call for call in calls.made if call.agent.startswith("tfgen/")]
    lists = [(call.service, call.method) for call in ours if site.name in call.path]
    assert sorted(lists) == [("neutron", "GET"), ("octavia", "GET")]
    assert not [call for call in ours if any(identity in call.path for identity in ids)]


def test_a_floating_ip_that_somebody_unbound(site: Site) -> None:
    """The address that clients know leads nowhere: it is said, and the next apply binds it."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    [floating] = site.floating_ips()
    network = site.lab.openstack().network
    network.update_ip(floating, port_id=None)
    found = row(site, "web")
    assert (found["state"], found["address"]) == ("vanished", floating.floating_ip_address)
    assert "no floating IP leads to its load balancer" in found["differences"][0]["text"]
    site.tfgen("run", "--yes")
    assert "vanished" not in row(site, "web")["state"]
    assert [each.floating_ip_address for each in site.floating_ips()] == [
        floating.floating_ip_address
    ]


def test_held_ends_with_4(site: Site) -> None:
    """A Service with a bad annotation is held, and only that one."""
    site.init()
    bad = {"loadbalancer.openstack.org/connection-limit": "many"}
    site.apply(site.service("web"), site.service("bad", annotations=bad))
    found = row(site, "bad", code=4)
    assert (found["state"], found["held"]) == ("held", True)
    assert row(site, "web", code=4)["held"] is False


def test_no_cluster(site: Site) -> None:
    """Without the cluster, tree and cloud are compared, and it says who is away."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    said = site.tfgen("status", "--kubeconfig", "none")
    assert "cluster away: kubeconfig none does not exist" in said.stderr
    assert f"{site.name}/web" in said.stdout
    assert "not applied" in said.stdout


def test_no_cloud(site: Site) -> None:
    """Without the cloud, tree and cluster are compared, and it says who is away."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    settings = site.folder / "tfgen.yaml"
    settings.write_text(settings.read_text().replace("cloud: demo", "cloud: nowhere"))
    said = site.tfgen("status")
    assert "cloud away: cloud 'nowhere' is not in" in said.stderr
    assert "cloud not asked" in said.stdout
