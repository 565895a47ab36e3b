"""The keys of a class: what they promise of the Services that name it."""

from collections.abc import Mapping
from functools import partial

from tests.promises.annotations import SIX, TWO_NODES
from tests.promises.fields import NO_TRAFFIC
from tests.promises.promise import Promise, Seen, elsewhere, held


def _gold(value: object, look: str, expected: object) -> Promise:
    """Make a key of class gold, seen at the listener, the pool or the monitor of port 443."""
    part, _, name = look.partition(".")
    return held(
        "golden", value, lambda s: getattr(getattr(s.ports["tcp-443"], part), name), expected
    )


def _inserted(header: str, seen: Seen) -> object:
    return seen.ports["tcp-80"].listener.insert_headers.get(header)


CLASSES: Mapping[str, Promise] = {
    "lb_method": _gold("SOURCE_IP", "pool.lb_algorithm", "SOURCE_IP"),
    "connection_limit": _gold(700, "listener.connection_limit", 700),
    "timeouts.client_data": _gold(61_000, "listener.timeout_client_data", 61_000),
    "timeouts.member_connect": _gold(6_100, "listener.timeout_member_connect", 6_100),
    "timeouts.member_data": _gold(71_000, "listener.timeout_member_data", 71_000),
    "timeouts.tcp_inspect": _gold(110, "listener.timeout_tcp_inspect", 110),
    "monitor.enabled": held("local", True, lambda s: bool(s.port.monitor), True),
    "monitor.delay": _gold(21, "monitor.delay", 21),
    "monitor.timeout": _gold(11, "monitor.timeout", 11),
    "monitor.max_retries": _gold(5, "monitor.max_retries", 5),
    "monitor.max_retries_down": _gold(6, "monitor.max_retries_down", 6),
    "monitor.type": _gold("HTTP", "monitor.type", "HTTP"),
    "monitor.path": _gold("/well", "monitor.url_path", "/well"),
    "monitor.codes": _gold("200,202", "monitor.expected_codes", "200,202"),
    "monitor.method": _gold("OPTIONS", "monitor.http_method", "OPTIONS"),
    "monitor.host": _gold("gold.example", "monitor.domain_name", "gold.example"),
    "tls.container_ref": _gold("{shop}", "listener.default_tls_container_ref", "{shop}"),
    "tls.sni_refs": _gold(["{blog}"], "listener.sni_container_refs", ["{blog}"]),
    "tls.versions": _gold(["TLSv1.2"], "listener.tls_versions", ["TLSv1.2"]),
    "tls.ciphers": _gold(
        "ECDHE-RSA-AES128-GCM-SHA256", "listener.tls_ciphers", "ECDHE-RSA-AES128-GCM-SHA256"
    ),
    "tls.alpn_protocols": _gold(["http/1.1"], "listener.alpn_protocols", ["http/1.1"]),
    "tls.hsts_max_age": _gold(60, "listener.hsts_max_age", 60),
    "tls.hsts_include_subdomains": _gold(True, "listener.is_hsts_include_subdomains", True),
    "tls.hsts_preload": _gold(True, "listener.is_hsts_preload", True),
    **{
        f"x_forwarded_{name}": held(
            "golden",
            True,
            partial(_inserted, f"X-Forwarded-{name.title()}"),
            "true",
        )
        for name in ("for", "port", "proto")
    },
    "app_protocol": held("golden", True, lambda s: s.ports["tcp-80"].listener.protocol, "HTTP"),
    "provider": held("edge", "octavia", lambda s: s.balancer.provider, "octavia"),
    "flavor_id": held("golden", "{large}", lambda s: s.balancer.flavor_id, "{large}"),
    "availability_zone": held("golden", "zone-b", lambda s: s.balancer.availability_zone, "zone-b"),
    "subnet_id": held(
        "golden", "{demo-subnet}", lambda s: s.balancer.vip_subnet_id, "{demo-subnet}"
    ),
    "member_subnet_id": held(
        "golden",
        "{demo-subnet}",
        lambda s: sorted({each.subnet_id for each in s.port.members.values()}),
        ["{demo-subnet}"],
    ),
    "ipv6_subnet_id": elsewhere(SIX, NO_TRAFFIC),
    "ipv6_member_subnet_id": elsewhere(SIX, NO_TRAFFIC),
    "floating_networks": held(
        "golden",
        [{"name": "public", "id": "{public}"}],
        lambda s: s.floating.floating_network_id,
        "{public}",
    ),
    "floating_subnet_id": held(
        "golden", "{partner-subnet}", lambda s: s.floating.floating_ip_address[:7], "172.25."
    ),
    "node_selector": held(
        "golden", TWO_NODES, lambda s: sorted(s.port.members), ["10.0.0.11", "10.0.0.12"]
    ),
    "annotations": held(
        "golden", ["loadbalancer.openstack.org/class"], lambda s: bool(s.balancer), True
    ),
    "internal": held("local", True, lambda s: s.floating, None),
    "proxy_protocol": held("local", "v2", lambda s: s.port.pool.protocol, "PROXYV2"),
    "network_id": held("local", "{demo-net}", lambda s: s.balancer.vip_network_id, "{demo-net}"),
    "floating_subnet": held(
        "edge", "partner-*", lambda s: s.floating.floating_ip_address[:7], "172.25."
    ),
    "floating_subnet_tags": held(
        "edge", "&reach=partner", lambda s: s.floating.floating_ip_address[:7], "172.25."
    ),
}
"""By their path in `classes.NAME`."""

NAMES: Mapping[str, str] = {"golden": "gold", "local": "near", "edge": "partner"}
"""The class of each Service that proves one."""
