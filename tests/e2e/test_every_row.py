"""Every row of the vocabulary, once: what Octavia, Neutron and the cluster hold is as it promises.

The rows are in tests/promises; tests/unit/test_promises.py misses those that are not. Most are said
by a few Services that are applied in one run; the others have tests of their own.
"""

import contextlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import yaml

from lab import topology
from lab.traffic.client import NoAnswer
from tests import promises
from tests.e2e.sites import Site
from tests.lab import tls

pytestmark = pytest.mark.lab

CLASS = "loadbalancer.openstack.org/class"
SPECS: Mapping[str, Mapping[str, Any]] = {
    "plain": {"sessionAffinity": "ClientIP"},
    "placed": {},
    "ported": {"loadBalancerIP": "{given}"},
    "named": {},
    "edge": {},
    "door": {"type": "NodePort"},
    "local": {"externalTrafficPolicy": "Local"},
    "golden": {
        "ports": [
            {"name": "http", "port": 80, "appProtocol": "http"},
            {"name": "https", "port": 443, "appProtocol": "https"},
        ]
    },
}
"""The Services, but for what the rows say."""
ROWS = {**promises.ANNOTATIONS, **promises.FIELDS}


def services(site: Site, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Make the Services: each says what the rows of it say."""
    for name, spec in SPECS.items():
        said = {
            key: row.value
            for key, row in promises.ANNOTATIONS.items()
            if row.service == name and row.value is not None
        }
        if name in promises.NAMES:
            said[CLASS] = promises.NAMES[name]
        made = site.service(name, annotations=said, **spec)
        if spec.get("type") == "NodePort":
            del made["spec"]["loadBalancerClass"]
        found: dict[str, Any] = promises.filled(made, names)
        yield found


def settings(site: Site, names: Mapping[str, str]) -> None:
    """Write the classes that the rows describe, and open what Services point at."""
    classes: dict[str, Any] = {name: {} for name in promises.NAMES.values()}
    for path, row in promises.CLASSES.items():
        if not row.service:
            continue  # a test of its own proves it
        *sections, key = path.split(".")
        place = classes[promises.NAMES[row.service]]
        for section in sections:
            place = place.setdefault(section, {})
        place[key] = row.value
    text = yaml.safe_dump(promises.filled({"attach": "any", "classes": classes}, names))
    file = site.folder / "tfgen.yaml"
    file.write_text(f"{file.read_text()}\n{text}")


@pytest.fixture
def names(site: Site, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the ids of what stands already, by the names that the rows have for them."""
    site.init()
    network = site.openstack.network
    demo, public = (network.find_network(name) for name in ("demo-net", "public"))
    assert demo
    assert public
    subnets = {name: network.find_subnet(name) for name in ("demo-subnet", "partner-subnet")}
    ids = {name: str(found.id) for name, found in subnets.items() if found}
    # Of a port with addresses of two subnets Octavia cannot tell which is the VIP's (400).
    fixed = [{"subnet_id": ids["demo-subnet"]}]
    port = network.create_port(network_id=demo.id, name=f"{site.name}-port", fixed_ips=fixed)
    given = network.create_ip(floating_network_id=public.id, description=site.name)
    with contextlib.ExitStack() as stack:
        stack.callback(network.delete_port, port)
        stack.callback(network.delete_ip, given)
        shop, blog = (
            stack.enter_context(tls.kept(site.openstack, tls.certificate(tmp_path, name)))
            for name in ("shop.example", "blog.example")
        )
        stack.callback(site.clean)
        yield {
            **ids,
            **site.lab.choices.flavors,
            "demo-net": demo.id,
            "public": public.id,
            "shop": shop,
            "blog": blog,
            "port": port.id,
            "given": given.floating_ip_address,
            "namespace": site.name,
        }


def seen(site: Site) -> dict[str, promises.Seen]:
    """Read all that stands of the site, by Service."""
    known = orjson.loads((site.tree / "tfgen-manifest.json").read_text())["services"]
    octavia, network = site.openstack.load_balancer, site.openstack.network
    found = {}
    for balancer in site.load_balancers():
        name = balancer.name.rpartition("_")[2]
        [*floating] = network.ips(port_id=balancer.vip_port_id)
        found[name] = promises.Seen(
            octavia.get_load_balancer(balancer.id),
            floating[0] if floating else None,
            {f"tcp-{each.protocol_port}": port(site, each) for each in listeners(site, balancer)},
            site.get(name),
            known[f"{site.name}/{name}"]["revision"],
        )
    return found


def listeners(site: Site, balancer: Any) -> list[Any]:  # noqa: ANN401  openstacksdk's
    """List what a load balancer listens with."""
    return list(site.openstack.load_balancer.listeners(load_balancer_id=balancer.id))


def port(site: Site, listener: Any) -> promises.Port:  # noqa: ANN401  openstacksdk's
    """Read what stands behind a listener."""
    octavia = site.openstack.load_balancer
    pool = octavia.get_pool(listener.default_pool_id)
    monitor = None
    if pool.health_monitor_id:  # openstacksdk knows no domain_name
        answer = octavia.get(f"/lbaas/healthmonitors/{pool.health_monitor_id}").json()
        monitor = SimpleNamespace(**answer["healthmonitor"])
    members = {each.address: each for each in octavia.members(pool)}
    return promises.Port(octavia.get_listener(listener.id), pool, monitor, members)


def broken(site: Site, names: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
    """Give the rows that do not hold: what stands, and what was promised."""
    found, held = seen(site), {**ROWS, **{f"classes.{k}": v for k, v in promises.CLASSES.items()}}
    looked = {
        key: (row.look(found[row.service]), promises.filled(row.expected, names))
        for key, row in held.items()
        if row.service
    }
    return {key: both for key, both in looked.items() if both[0] != both[1]}


def committed(site: Site) -> str:
    """Commit the tree; give the commit."""
    for words in ("init -q", "add .", "-c user.name=e2e -c user.email=e2e@x commit -qm tree"):
        subprocess.run(["git", *words.split()], cwd=site.folder, check=True)
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=site.folder, check=True, capture_output=True, text=True
    )
    return found.stdout.strip()


def test_every_row(site: Site, names: dict[str, str]) -> None:
    """One run makes all that is asked for, as clients find it; a second one has nothing to do."""
    settings(site, names)
    site.apply(*services(site, names))
    site.tfgen("run", "--yes")
    known = orjson.loads((site.tree / "tfgen-manifest.json").read_text())
    names |= {"tree": known["tree"], "commit": committed(site)}
    site.tfgen("publish")

    assert broken(site, names) == {}

    reached(site)
    site.tfgen("plan", "--exit-code", code=0)
    again = site.tfgen("run", "--yes")
    assert f"{len(SPECS)} Services unchanged" in again.stdout + again.stderr
    leaving(site, names)


def reached(site: Site) -> None:
    """See by traffic that source ranges let one client in alone, and that it meets one node."""
    url = f"http://{site.external_ip('plain')}/"
    assert len({site.lab.get(url, topology.CLIENTS[0]).node for _ in range(12)}) == 1
    with pytest.raises(NoAnswer, match="no answer in time"):
        site.lab.get(url, topology.CLIENTS[1])
    given = site.lab.get(f"http://{site.external_ip('ported')}/", topology.CLIENTS[1])
    assert given.node


def leaving(site: Site, names: Mapping[str, str]) -> None:
    """Let Services go: a floating IP that is to be kept and one that was bound stay, unbound.

    One that is protected stays whole.
    """
    kept = seen(site)["placed"].floating.floating_ip_address
    for name in ("placed", "ported", "named"):
        site.kubectl("delete", "service", name, "-n", site.name)

    said = site.tfgen("run", "--yes", "--allow-removals", "3", code=4).stderr

    assert f"kept: floating IP {kept} of Service {site.name}/placed stays" in said
    left = {each.name.rpartition("_")[2] for each in site.load_balancers()}
    assert left == SPECS.keys() - {"placed", "ported"}
    free = {each.floating_ip_address: each.port_id for each in site.openstack.network.ips()}
    assert (free[kept], free[names["given"]]) == (None, None)
    site.tfgen("run", "--yes", code=4)
    assert not list(site.tree.glob("stacks/*/lb_*_placed.tf"))
    site.tfgen("plan", "--exit-code", "--allow-held", code=0)
