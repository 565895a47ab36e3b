"""Services of IPv6 and of two IP families, on the laboratory.

It carries no IPv6 traffic: what Octavia, Neutron and the cluster hold counts.
"""

from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

V6 = "fd00:10:"


def _service(site: Site, name: str, policy: str, *families: str) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80, "targetPort": 8079}]
    said: dict[str, Any] = {"ipFamilyPolicy": policy}
    return site.service(name, ports=ports, **said, **({"ipFamilies": families} if families else {}))


def _ingress(site: Site, name: str) -> list[str]:
    found = site.get(name)["status"]["loadBalancer"].get("ingress", [])
    return [entry["ip"] for entry in found]


def _members(site: Site, balancer: str) -> set[tuple[str, str]]:
    """Give address and subnet of each."""
    octavia = site.openstack.load_balancer
    (pool,) = octavia.pools(loadbalancer_id=balancer)
    return {(each.address, each.subnet_id) for each in octavia.members(pool.id)}


def _say(site: Site, before: str, text: str) -> None:
    """Put lines into the settings, before a line that is there."""
    path = site.folder / "tfgen.yaml"
    whole = path.read_text()
    assert whole.count(before) == 1
    path.write_text(whole.replace(before, text + before))


def _rows(site: Site, name: str) -> list[dict[str, Any]]:
    found = orjson.loads(site.tfgen("status", "--format", "json").stdout)["services"]
    return [row for row in found if row["service"] == f"{site.name}/{name}"]


def _check_members(site: Site, second: str, six: str) -> None:
    """See that both are reached by IPv6, from everywhere."""
    assert _members(site, second) == _members(site, six)
    assert all(address.startswith(V6) for address, _ in _members(site, second))
    assert {subnet for _, subnet in _members(site, six)} == {_subnet(site)}
    [listener] = site.openstack.load_balancer.listeners(load_balancer_id=second)
    assert listener.allowed_cidrs == ["::/0"]
    assert len(site.floating_ips()) == 1


def _check_told(site: Site, address: str, second: Any) -> None:  # noqa: ANN401  of openstacksdk
    """See that the Service, status and explain know both addresses."""
    [row] = _rows(site, "web")
    assert (row["address"], row["second_address"]) == (address, second.vip_address)
    assert row["state"] in {"in sync", "not healthy"}  # no node answers by IPv6
    assert f"lb6_{site.name}_web" in site.tfgen("explain", second.vip_address).stdout
    notes = site.get("web")["metadata"]["annotations"]
    assert notes["tfgen.io/external-ip"] == address
    assert notes["tfgen.io/second-external-ip"] == second.vip_address
    assert notes["tfgen.io/second-load-balancer-id"] == second.id


def _subnet(site: Site) -> str:
    return site.lab.choices.ipv6_subnets["demo-subnet-v6"]


def _begun(site: Site) -> dict[str, str]:
    """Let one Service be served with IPv4 and one with IPv6, by a class; give ids by name."""
    site.init()
    own = f"ipv6_subnet_id: {_subnet(site)}, ipv6_member_subnet_id: {_subnet(site)}"
    _say(site, "network:\n", f"classes:\n  six: {{{own}}}\n")
    six = _service(site, "six", "SingleStack", "IPv6")
    six["metadata"]["annotations"]["loadbalancer.openstack.org/class"] = "six"
    site.apply(_service(site, "web", "PreferDualStack"), six)
    alone = site.tfgen("run", "--yes")
    assert "served with IPv4 alone, for setting network.ipv6_subnet_id is empty" in alone.stderr
    return {each.name.rpartition("_")[2]: each.id for each in site.load_balancers()}


def test_two_families_from_one_and_back(site: Site) -> None:
    """A second load balancer comes beside the first and goes by consent; the first stays."""
    first = _begun(site)
    address = site.external_ip("web")
    assert (set(first), _ingress(site, "web")) == ({"web", "six"}, [address])

    _say(site, "  subnet_id: ", f"  ipv6_subnet_id: {_subnet(site)}\n")
    site.tfgen("run", "--yes")
    site.tfgen("plan", "--exit-code", code=0)
    known = {each.name.removeprefix(f"{site.name}_"): each for each in site.load_balancers()}
    second = known.pop(f"{site.name}_web_ipv6")
    assert {each.id for each in known.values()} == set(first.values())
    assert (second.provisioning_status, second.vip_subnet_id) == ("ACTIVE", _subnet(site))
    _check_members(site, second.id, first["six"])
    assert _ingress(site, "web") == [address, second.vip_address]
    assert _ingress(site, "six") == [known[f"{site.name}_six"].vip_address]
    _check_told(site, address, second)

    site.apply(_service(site, "web", "SingleStack"))
    refused = site.tfgen("run", "--yes", code=3)
    assert f"--allow-address-change {site.name}/web" in refused.stdout + refused.stderr
    assert {each.id for each in site.load_balancers()} == {second.id, *first.values()}
    assert _ingress(site, "web") == [address, second.vip_address]
    site.tfgen("run", "--yes", "--allow-address-change", f"{site.name}/web")
    assert {each.id for each in site.load_balancers()} == set(first.values())
    assert _ingress(site, "web") == [address]
