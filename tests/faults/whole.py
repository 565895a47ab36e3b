"""What must hold after every fault, asked of Octavia, Neutron, the cluster and the states."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from lab import NoAnswer
from tests.faults import ground as grounds
from tests.faults.ground import Ground

_PATIENCE = 20
"""Seconds in which a load balancer must answer that has just been changed."""


def check(ground: Ground) -> None:
    """Check that nothing was lost, nothing is left over, and nothing is left to be done."""
    serving(ground)
    agree(ground)
    assert grounds.foreign(ground) == ground.foreign
    done = ground.tfgen("plan", "--exit-code")
    assert not done.stdout.strip(), done.stdout
    assert not [*ground.tree.rglob("*.tfplan*")]
    assert not [*ground.tree.rglob("recovery.tf")]


def reachable(ground: Ground) -> None:
    """Check that every public address answers on its first port, whatever else is under way."""
    for address in filter(_is_public, ground.addresses.values()):
        ground.lab.until(partial(answers, ground, f"{address}:80"), _PATIENCE)


def serving(ground: Ground) -> None:
    """Check that the cluster names every address as it was, and that each of them answers."""
    assert published(ground) == ground.addresses
    assert bound(ground) == {
        name: address for name, address in ground.addresses.items() if _is_public(address)
    }
    for name, address in ground.addresses.items():
        for port in _ports(ground, name) if _is_public(address) else ():
            ground.lab.until(partial(answers, ground, f"{address}:{port}"), _PATIENCE)


def answers(ground: Ground, place: str) -> bool:
    """Whether a node answers at address:port, as a client on the internet sees it."""
    try:
        return bool(ground.lab.get(f"http://{place}/").node)
    except NoAnswer:
        return False


def published(ground: Ground) -> dict[str, str]:
    """Give what the cluster says that each Service answers on."""
    path = f"/api/v1/namespaces/{ground.name}/services"
    listed = orjson.loads(ground.lab.kubectl("get", "--raw", path))["items"]
    found = {}
    for each in listed:
        ingress = each["status"].get("loadBalancer", {}).get("ingress", [])
        if ingress:
            found[each["metadata"]["name"]] = ingress[0]["ip"]
    return found


def bound(ground: Ground) -> dict[str, str]:
    """Give the floating IPs at the VIP ports of our load balancers, by Service."""
    ports = {each.vip_port_id: _service(each.tags) for each in ground.load_balancers()}
    found = ground.openstack.network.ips()
    return {
        ports[each.port_id]: each.floating_ip_address for each in found if each.port_id in ports
    }


def agree(ground: Ground) -> None:
    """Check that the states have what the cloud has of us, no more and no less."""
    assert known(ground) == standing(ground)


def known(ground: Ground) -> dict[str, str]:
    """Give kind by id of all that the states have in the cloud; no state may be locked."""
    assert not [*ground.tree.glob("stacks/*/.terraform.tfstate.lock.info")]
    found: dict[str, str] = {}
    for stack in sorted(ground.tree.glob("stacks/*")):
        for each in orjson.loads(_state(ground, stack))["resources"]:
            kind = _KINDS.get(each["type"])
            found |= {one["attributes"]["id"]: kind for one in each["instances"] if kind}
    return found


def _state(ground: Ground, stack: Path) -> str:
    """Read a state: a file, or what the backend has."""
    path = stack / "terraform.tfstate"
    if path.is_file():
        return path.read_text()
    return ground.run("terraform", f"-chdir={stack}", "state", "pull").stdout


_KINDS = {
    "openstack_lb_loadbalancer_v2": "load balancer",
    "openstack_lb_listener_v2": "listener",
    "openstack_lb_pool_v2": "pool",
    "openstack_lb_monitor_v2": "monitor",
    "openstack_networking_floatingip_v2": "floating IP",
}


def standing(ground: Ground) -> dict[str, str]:
    """Give kind by id of all that stands in the cloud with our tags, or hangs on what does."""
    return dict(_standing(ground))


def _standing(ground: Ground) -> Iterator[tuple[str, str]]:
    octavia, tag = ground.openstack.load_balancer, f"tfgen_cluster={ground.name}"
    yield from ((each.id, "listener") for each in octavia.listeners(tags=tag))
    yield from ((each.id, "pool") for each in octavia.pools(tags=tag))
    for balancer in ground.load_balancers():
        assert balancer.provisioning_status == "ACTIVE", balancer.id
        yield balancer.id, "load balancer"
        yield from (
            (each.id, "listener") for each in octavia.listeners(load_balancer_id=balancer.id)
        )
        for pool in octavia.pools(loadbalancer_id=balancer.id):
            yield pool.id, "pool"
            if pool.health_monitor_id:
                yield pool.health_monitor_id, "monitor"
    yield from ((each.id, "floating IP") for each in ground.floating_ips())


def traces(ground: Ground) -> dict[str, Any]:
    """Give what a plan or a refusal must leave as it is: ids and times of all that stands."""
    octavia = ground.openstack.load_balancer
    updated = {each.id: each.updated_at for each in ground.load_balancers()}
    updated |= {
        each.id: each.updated_at
        for one in [*updated]
        for each in octavia.listeners(load_balancer_id=one)
    }
    states = {path: path.read_bytes() for path in ground.tree.glob("stacks/*/terraform.tfstate")}
    return {**updated, "bound": bound(ground), "states": states}


def _service(tags: list[str]) -> str:
    found = next(tag for tag in tags if tag.startswith("tfgen_service="))
    return found.rpartition("_")[2]


def _ports(ground: Ground, name: str) -> list[int]:
    ports = ground.manifest["services"][f"{ground.name}/{name}"]["ports"]
    return [int(each.rpartition("-")[2]) for each in ports]


def _is_public(address: str) -> bool:
    return address.startswith(("172.24.", "172.25."))
