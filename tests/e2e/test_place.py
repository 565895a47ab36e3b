"""Where load balancers stand and what they answer on, as Octavia and Neutron have it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

L = "loadbalancer.openstack.org/"


def settings(site: Site, text: str) -> None:
    """Add to the site's settings."""
    path = site.folder / "tfgen.yaml"
    path.write_text(f"{path.read_text()}\n{text}\n")


def by_name(site: Site) -> dict[str, Any]:
    """Give the site's load balancers by their Service's name."""
    return {each.name.rpartition("_")[2]: each for each in site.load_balancers()}


def bound(site: Site, balancer: Any) -> Any:  # noqa: ANN401  openstacksdk's
    """Give the floating IP at a load balancer's VIP port."""
    [found] = site.openstack.network.ips(port_id=balancer.vip_port_id)
    return found


@pytest.fixture
def opened(site: Site) -> Iterator[tuple[Any, Any]]:
    """Give a port and a floating IP that stand already, both opened by the settings."""
    site.init()
    network = site.openstack.network
    demo, public = (
        network.find_network(name, ignore_missing=False) for name in ("demo-net", "public")
    )
    subnet = network.find_subnet("demo-subnet", ignore_missing=False)
    # Of a port with addresses of two subnets Octavia cannot tell which is the VIP's (400).
    fixed = [{"subnet_id": subnet.id}]
    port = network.create_port(network_id=demo.id, name=f"{site.name}-port", fixed_ips=fixed)
    given = network.create_ip(floating_network_id=public.id, description=site.name)
    settings(site, f"attach: [{{id: {port.id}}}, {{id: {given.floating_ip_address}}}]")
    yield port, given
    site.clean()
    network.delete_ip(given)
    network.delete_port(port)


def test_places_and_addresses(site: Site, opened: tuple[Any, Any]) -> None:
    """Flavor, zone, tags, a floating subnet by name and by tags, a port, an address, a host name.

    When they go, an address that was bound and one that is to be kept are in Neutron still.
    """
    port, given = opened
    flavor, zone = site.lab.choices.flavors["small"], site.lab.choices.zones[0]
    flavored = {
        L + "flavor-id": flavor,
        L + "availability-zone": zone,
        L + "load-balancer-tags": "team=a",
        L + "floating-subnet": "partner-*",
        L + "keep-floatingip": "true",
    }
    site.apply(
        site.service("flavored", annotations=flavored),
        site.service("tagged", annotations={L + "floating-subnet-tags": "&reach=partner"}),
        site.service("ported", annotations={L + "port-id": port.id}),
        site.service("given", loadBalancerIP=given.floating_ip_address),
        site.service("named", annotations={L + "hostname": "web.example.com"}),
    )
    site.tfgen("run", "--yes")

    found = by_name(site)
    made = found["flavored"]
    assert (made.flavor_id, made.availability_zone) == (flavor, zone)
    assert "team=a" in made.tags
    kept = bound(site, made).floating_ip_address
    partners = {kept, bound(site, found["tagged"]).floating_ip_address}
    assert all(address.startswith("172.25.") for address in partners)
    assert found["ported"].vip_port_id == port.id
    assert bound(site, found["given"]).id == given.id
    assert site.external_ip("given") == given.floating_ip_address
    named = site.get("named")
    assert named["status"]["loadBalancer"]["ingress"] == [{"hostname": "web.example.com"}]
    address = bound(site, found["named"]).floating_ip_address
    assert named["metadata"]["annotations"]["tfgen.io/external-ip"] == address
    site.tfgen("plan", "--exit-code", code=0)

    leave(site, "flavored", "given", kept=kept)
    free = {each.floating_ip_address: each.port_id for each in site.openstack.network.ips()}
    assert (free[kept], free[given.floating_ip_address]) == (None, None)


def leave(site: Site, *names: str, kept: str) -> None:
    """Let Services go; the floating IP of the first is kept, and the next run has nothing left."""
    for name in names:
        site.kubectl("delete", "service", name, "-n", site.name)
    said = site.tfgen("run", "--yes", "--allow-removals", str(len(names))).stderr
    assert f"kept: floating IP {kept} of Service {site.name}/{names[0]} stays" in said
    assert not by_name(site).keys() & set(names)
    site.tfgen("run", "--yes")
    assert not list(site.tree.glob(f"stacks/*/lb_*_{names[0]}.tf"))
    site.tfgen("plan", "--exit-code", code=0)
