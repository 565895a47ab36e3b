"""Services that share a load balancer, on the laboratory: they come, one leaves, one goes."""

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


def _service(site: Site, name: str, port: int, group: str = "front") -> dict[str, object]:
    ports = [{"name": "http", "port": port, "targetPort": 8079}]
    annotations = {"tfgen.io/group": group} if group else {}
    return site.service(name, ports=ports, annotations=annotations)


def _listeners(site: Site, balancer: str) -> list[int]:
    octavia = site.openstack.load_balancer
    return sorted(each.protocol_port for each in octavia.listeners(load_balancer_id=balancer))


def test_a_group_from_its_first_service_to_its_last(site: Site) -> None:
    """One address for both; who leaves gets another, the other keeps it, and at last it goes."""
    site.init()
    site.apply(_service(site, "one", 80), _service(site, "two", 81))
    site.tfgen("run", "--yes")
    site.tfgen("plan", "--exit-code", code=0)
    [shared] = site.load_balancers()
    [floating] = site.floating_ips()
    assert f"tfgen_group={site.name}_front" in shared.tags
    assert _listeners(site, shared.id) == [80, 81]
    address = floating.floating_ip_address
    assert {site.external_ip("one"), site.external_ip("two")} == {address}
    for port in (80, 81):
        assert site.lab.get(f"http://{address}:{port}/").node

    site.apply(_service(site, "two", 81, group=""))
    site.kubectl("annotate", "service", "two", "-n", site.name, "tfgen.io/group-", "--overwrite")
    held = site.tfgen("run", "--yes", code=4)
    assert f"--allow-address-change {site.name}/two" in held.stderr
    assert site.external_ip("two") == address
    site.tfgen("run", "--yes", "--allow-address-change", f"{site.name}/two")
    assert _listeners(site, shared.id) == [80]
    assert site.external_ip("one") == address
    assert site.external_ip("two") not in {"", address}

    site.kubectl("delete", "service", "one", "-n", site.name)
    site.tfgen("run", "--yes", "--allow-removals", "1")
    left = [each.id for each in site.load_balancers()]
    assert shared.id not in left
    assert len(left) == 1
    site.tfgen("plan", "--exit-code", code=0)
    status = orjson.loads(site.tfgen("status", "--format", "json").stdout)
    assert [row["service"] for row in status["services"]] == [f"{site.name}/two"]
