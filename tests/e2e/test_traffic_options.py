"""What a Service says of its traffic, as Octavia has it: made, changed in place, and taken back."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

OCCM = "loadbalancer.openstack.org/"
DEFAULTS = {
    "limit": -1,
    "timeouts": (50_000, 5_000, 50_000, 0),
    "method": "ROUND_ROBIN",
    "persistence": None,
    "monitor": ("TCP", 5, 3, 1, 3),
}
"""Client, member connect, member, inspection (ms); monitor: type, delay, timeout, retries."""
FIRST = {
    "timeout_client_data": "60000",
    "timeout_member_connect": "6000",
    "timeout_member_data": "70000",
    "timeout_tcp_inspect": "100",
    "connection_limit": "500",
    "lb_method": "LEAST_CONNECTIONS",
    "health_monitor_delay": "20",
    "health_monitor_timeout": "10",
    "health_monitor_max_retries": "4",
    "health_monitor_max_retries_down": "5",
}
SECOND = {
    "timeout_client_data": "61000",
    "connection_limit": "7",
    "lb_method": "SOURCE_IP",
    "health_monitor_delay": "15",
}


@dataclass(frozen=True, slots=True)
class Port:
    """One port in Octavia."""

    listener: Any
    pool: Any
    monitor: Any
    members: frozenset[tuple[str, int]]

    @property
    def ids(self) -> tuple[str, str]:
        """What stays where a change happens in place."""
        return self.listener.id, self.pool.id

    @property
    def options(self) -> dict[str, Any]:
        """Give what can be asked for, in the order of the Service's words."""
        listener, pool, monitor = self.listener, self.pool, self.monitor
        return {
            "limit": listener.connection_limit,
            "timeouts": (
                listener.timeout_client_data,
                listener.timeout_member_connect,
                listener.timeout_member_data,
                listener.timeout_tcp_inspect,
            ),
            "method": pool.lb_algorithm,
            "persistence": (pool.session_persistence or {}).get("type"),
            "monitor": monitor
            and (
                monitor.type,
                monitor.delay,
                monitor.timeout,
                monitor.max_retries,
                monitor.max_retries_down,
            ),
        }


def ports(site: Site) -> dict[tuple[str, int], Port]:
    """Read the ports of the site's one load balancer, by protocol and number."""
    octavia = site.openstack.load_balancer
    [balancer] = site.load_balancers()
    assert balancer.provisioning_status == "ACTIVE"
    found = {}
    for listener in octavia.listeners(load_balancer_id=balancer.id):
        pool = octavia.get_pool(listener.default_pool_id)
        monitor = pool.health_monitor_id and octavia.get_health_monitor(pool.health_monitor_id)
        members = frozenset((each.address, each.protocol_port) for each in octavia.members(pool))
        port = Port(listener, pool, monitor or None, members)
        found[(listener.protocol, listener.protocol_port)] = port
    return found


def node_ports(site: Site) -> dict[tuple[str, int], int]:
    """Read the node ports that the cluster gave, by protocol and number."""
    entries = site.get("web")["spec"]["ports"]
    return {(each["protocol"], each["port"]): each["nodePort"] for each in entries}


def annotated(site: Site, **annotations: str) -> dict[str, Any]:
    """Give a Service with annotations of OCCM's, `_` for `-` in their names."""
    named = {f"{OCCM}{name.replace('_', '-')}": text for name, text in annotations.items()}
    return site.service("web", annotations=named)


def served(site: Site, service: dict[str, Any]) -> Port:
    """Let a Service of one port be served, see that a plan finds nothing more, and read it."""
    site.apply(service)
    site.tfgen("run", "--yes")
    site.tfgen("plan", "--exit-code", code=0)
    [port] = ports(site).values()
    return port


def test_udp_and_tcp_on_one_number(site: Site) -> None:
    """Each protocol has listener, pool, members and monitor of its own; TCP carries traffic.

    The laboratory's data plane carries no UDP, so for UDP it is Octavia's word that counts.
    """
    site.init()
    wanted = [("TCP", 53), ("UDP", 53), ("UDP", 514)]
    entries = [
        {"name": f"{kind}-{number}".lower(), "protocol": kind, "port": number}
        for kind, number in wanted
    ]
    site.apply(site.service("web", ports=entries))

    site.tfgen("run", "--yes")

    found, numbers = ports(site), node_ports(site)
    assert sorted(found) == wanted
    assert {key: each.pool.protocol for key, each in found.items()} == {
        key: key[0] for key in wanted
    }
    assert {key: each.monitor.type for key, each in found.items()} == {
        key: {"TCP": "TCP", "UDP": "UDP-CONNECT"}[key[0]] for key in wanted
    }
    nodes = ("10.0.0.11", "10.0.0.12", "10.0.0.13")
    for key, each in found.items():
        assert each.members >= {(node, numbers[key]) for node in nodes}
    address = site.external_ip("web")
    assert address == site.floating_ips()[0].floating_ip_address
    assert site.lab.get(f"http://{address}:53/").node
    site.tfgen("plan", "--exit-code", code=0)

    site.apply(site.service("web", ports=entries[:2]))
    site.tfgen("run", "--yes")

    after = ports(site)
    assert {key: each.ids for key, each in after.items()} == {
        key: found[key].ids for key in wanted[:2]
    }
    assert site.external_ip("web") == address


def test_options_change_in_place_and_go_back(site: Site) -> None:
    """What a Service says of its traffic can change and be taken back: no object is made anew.

    With ClientIP one client always meets one node; without it, several.
    """
    site.init()
    first = served(site, annotated(site, **FIRST))
    address = site.external_ip("web")
    url = f"http://{address}/"
    assert first.options == {
        "limit": 500,
        "timeouts": (60_000, 6_000, 70_000, 100),
        "method": "LEAST_CONNECTIONS",
        "persistence": None,
        "monitor": ("TCP", 20, 10, 4, 5),
    }
    assert len({site.lab.get(url).node for _ in range(12)}) > 1

    sticky = annotated(site, **SECOND)
    sticky["spec"]["sessionAffinity"] = "ClientIP"
    second = served(site, sticky)
    assert second.options == {
        "limit": 7,
        "timeouts": (61_000, 5_000, 50_000, 0),
        "method": "SOURCE_IP",
        "persistence": "SOURCE_IP",
        "monitor": ("TCP", 15, 3, 1, 3),
    }
    assert second.monitor.id == first.monitor.id
    assert len({site.lab.get(url).node for _ in range(12)}) == 1

    loose = annotated(site, enable_health_monitor="false")
    loose["spec"]["sessionAffinity"] = "None"
    without = served(site, loose)
    assert without.options == {**DEFAULTS, "monitor": None}
    assert len({site.lab.get(url).node for _ in range(12)}) > 1

    last = served(site, annotated(site))
    assert last.options == DEFAULTS
    assert first.ids == second.ids == without.ids == last.ids
    assert site.external_ip("web") == address
    assert site.lab.get(url).node
