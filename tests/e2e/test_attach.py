"""Services on a load balancer that somebody made, on the laboratory: they come, share it, go."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

KEY = "loadbalancer.openstack.org/load-balancer-id"


@dataclass(frozen=True, slots=True)
class Front:
    """A load balancer made by hand, with a listener and a floating IP."""

    site: Site
    id: str
    address: str

    def facts(self) -> tuple[Any, ...]:
        """Give all of it that anybody may change."""
        found = self.site.openstack.load_balancer.get_load_balancer(self.id)
        return found.name, found.description, found.tags, found.vip_address, found.is_admin_state_up

    def listeners(self) -> dict[int, tuple[str, list[str]]]:
        """Give name and tags of what listens on it, by port."""
        octavia = self.site.openstack.load_balancer
        found = octavia.listeners(load_balancer_id=self.id)
        return {each.protocol_port: (each.name, sorted(each.tags)) for each in found}


@pytest.fixture
def front(site: Site) -> Iterator[Front]:
    """Make one as its owner would, and remove it afterwards."""
    octavia, network = site.openstack.load_balancer, site.openstack.network
    subnet = next(network.subnets(name="demo-subnet"))
    external = next(network.networks(name="public"))
    made = octavia.create_load_balancer(
        name=f"{site.name}-front",
        description="made by hand",
        vip_subnet_id=subnet.id,
        tags=["mine"],
    )
    _settled(site, made.id)
    octavia.create_listener(
        name="legacy", protocol="HTTP", protocol_port=8081, load_balancer_id=made.id
    )
    _settled(site, made.id)
    bound = network.create_ip(floating_network_id=external.id, port_id=made.vip_port_id)
    yield Front(site, made.id, bound.floating_ip_address)
    network.delete_ip(bound.id)
    _settled(site, made.id)
    octavia.delete_load_balancer(made.id, cascade=True)
    site.lab.wait_gone(made.id)


def _settled(site: Site, identity: str) -> None:
    octavia = site.openstack.load_balancer
    site.lab.until(
        lambda: octavia.get_load_balancer(identity).provisioning_status == "ACTIVE",
        120,
        f"{identity} ACTIVE",
    )


def _service(site: Site, front: Front, name: str, port: int) -> dict[str, object]:
    ports = [{"name": "http", "port": port, "targetPort": 8079}]
    return site.service(name, ports=ports, annotations={KEY: front.id})


def _begin(site: Site, *more: str) -> None:
    site.init()
    with (site.folder / "tfgen.yaml").open("a") as file:
        file.write("\n".join(("attach: any", *more, "")))


def test_they_come_share_it_and_go(site: Site, front: Front) -> None:
    """Two Services answer on its address, a third's port is taken; at last it is as it was."""
    _begin(site)
    before, foreign = front.facts(), front.listeners()
    site.apply(
        _service(site, front, "one", 80),
        _service(site, front, "two", 81),
        _service(site, front, "late", 8081),
    )
    held = site.tfgen("run", "--yes", code=4)
    assert f"{site.name}/late" in held.stderr
    assert "its listener legacy has that, and is not ours" in held.stderr
    assert front.facts() == before
    assert front.listeners().keys() == {80, 81, 8081}
    assert front.listeners()[8081] == foreign[8081]
    name, tags = front.listeners()[80]
    assert name == f"{site.name}_{site.name}_one_tcp-80"
    assert f"tfgen_service={site.name}_one" in tags
    assert {site.external_ip("one"), site.external_ip("two")} == {front.address}
    annotations = site.get("one")["metadata"]["annotations"]
    assert annotations["tfgen.io/load-balancer-id"] == annotations[KEY] == front.id
    for port in (80, 81):
        assert site.lab.get(f"http://{front.address}:{port}/").node
    assert site.load_balancers() == []

    site.kubectl("delete", "service", "late", "-n", site.name)
    site.tfgen("run", "--yes")
    site.tfgen("plan", "--exit-code", code=0)
    status = orjson.loads(site.tfgen("status", "--format", "json").stdout)
    assert {row["service"]: row["state"] for row in status["services"]} == {
        f"{site.name}/one": "in sync",
        f"{site.name}/two": "in sync",
    }
    told = site.tfgen("explain", front.address).stdout
    assert f"load balancer {front.id}, which exists" in told

    site.kubectl("delete", "service", "one", "two", "-n", site.name)
    site.tfgen("run", "--yes", "--allow-removals", "2")
    assert front.facts() == before
    assert front.listeners() == foreign


def test_two_states_apply_side_by_side(site: Site, front: Front) -> None:
    """Nothing orders them: the provider tries again where the other one is at work."""
    _begin(site, "stacks: {by: service}")
    site.apply(_service(site, front, "one", 80), _service(site, front, "two", 81))
    start = time.monotonic()
    site.tfgen("run", "--yes", "--jobs", "2")
    seconds = time.monotonic() - start
    print(f"two states side by side: {seconds:.0f} s")  # noqa: T201  for whoever measures: -s
    assert front.listeners().keys() == {80, 81, 8081}
    for port in (80, 81):
        assert site.lab.get(f"http://{front.address}:{port}/").node
    site.tfgen("plan", "--exit-code", code=0)


def test_it_moves_to_its_own_where_that_is_agreed_to(site: Site, front: Front) -> None:
    """And back: each time another address, each time asked for; the load balancer stays."""
    _begin(site)
    before, foreign = front.facts(), front.listeners()
    site.apply(_service(site, front, "one", 80))
    site.tfgen("run", "--yes")
    site.kubectl("annotate", "service", "one", "-n", site.name, f"{KEY}-")
    held = site.tfgen("run", "--yes", code=4)
    assert f"--allow-address-change {site.name}/one" in held.stderr
    site.tfgen("run", "--yes", "--allow-address-change", f"{site.name}/one")
    assert front.listeners() == foreign
    own = site.external_ip("one")
    assert own not in {"", front.address}
    assert site.lab.get(f"http://{own}:80/").node
    site.kubectl("annotate", "service", "one", "-n", site.name, f"{KEY}={front.id}")
    site.tfgen("run", "--yes", "--allow-address-change", f"{site.name}/one")
    assert site.external_ip("one") == front.address
    assert site.load_balancers() == []
    assert front.facts() == before
    assert site.lab.get(f"http://{front.address}:80/").node
