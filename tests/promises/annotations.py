"""The rows of annotations: what each of them promises of Octavia, Neutron and the cluster."""

from collections.abc import Mapping

from tests.promises.promise import COMBINED, Promise, elsewhere, held, own

L, T, K = "loadbalancer.openstack.org/", "tfgen.io/", "service.beta.kubernetes.io/"
PROBE = L + "health-monitor-"
TWO_NODES = "kubernetes.io/hostname in (node-1,node-2)"
TLS = "test_traffic_protocols.py::test_tls_and_the_redirect_to_it"
PROXY = "test_traffic_protocols.py::test_proxy_protocol_beside_udp_and_sctp"
SIX = "test_dual_stack.py::test_two_families_from_one_and_back"
SECRET = "test_secrets.py::test_a_certificate_from_a_secret_and_its_renewal"
NODES = "test_nodes.py::test_chosen_and_draining_nodes"

ANNOTATIONS: Mapping[str, Promise] = {
    K + "openstack-internal-load-balancer": held("door", "true", lambda s: s.floating, None),
    K + "load-balancer-source-ranges": held(
        "plain", "198.51.100.9/24", lambda s: s.port.listener.allowed_cidrs, ["198.51.100.0/24"]
    ),
    T + "source-ranges": held(
        "door", "10.0.0.0/8", lambda s: s.port.listener.allowed_cidrs, ["10.0.0.0/8"]
    ),
    L + "connection-limit": held("plain", "500", lambda s: s.port.listener.connection_limit, 500),
    L + "lb-method": Promise(
        "plain",
        "LEAST_CONNECTIONS",
        lambda s: s.port.pool.lb_algorithm,
        "LEAST_CONNECTIONS",
        but="`SOURCE_IP_PORT` is provider ovn's, which the laboratory has not: plan only",
    ),
    L + "timeout-client-data": held(
        "plain", "60000", lambda s: s.port.listener.timeout_client_data, 60_000
    ),
    L + "timeout-member-connect": held(
        "plain", "6000", lambda s: s.port.listener.timeout_member_connect, 6_000
    ),
    L + "timeout-member-data": held(
        "plain", "70000", lambda s: s.port.listener.timeout_member_data, 70_000
    ),
    L + "timeout-tcp-inspect": held(
        "plain", "100", lambda s: s.port.listener.timeout_tcp_inspect, 100
    ),
    L + "enable-health-monitor": held("placed", "false", lambda s: s.port.monitor, None),
    PROBE + "delay": held("plain", "20", lambda s: s.port.monitor.delay, 20),
    PROBE + "timeout": held("plain", "10", lambda s: s.port.monitor.timeout, 10),
    PROBE + "max-retries": held("plain", "4", lambda s: s.port.monitor.max_retries, 4),
    PROBE + "max-retries-down": held("plain", "5", lambda s: s.port.monitor.max_retries_down, 5),
    T + "health-monitor-type": held("plain", "HTTP", lambda s: s.port.monitor.type, "HTTP"),
    T + "health-monitor-path": held(
        "plain", "/ready?a=1", lambda s: s.port.monitor.url_path, "/ready?a=1"
    ),
    T + "health-monitor-codes": held(
        "plain", "200-204", lambda s: s.port.monitor.expected_codes, "200-204"
    ),
    T + "health-monitor-method": held(
        "plain", "HEAD", lambda s: s.port.monitor.http_method, "HEAD"
    ),
    T + "health-monitor-host": held(
        "plain", "shop.example", lambda s: s.port.monitor.domain_name, "shop.example"
    ),
    L + "node-selector": held(
        "plain", TWO_NODES, lambda s: sorted(s.port.members), ["10.0.0.11", "10.0.0.12"]
    ),
    T + "weight": elsewhere(NODES),
    T + "drain": elsewhere(NODES),
    L + "subnet-id": held(
        "plain", "{demo-subnet}", lambda s: s.balancer.vip_subnet_id, "{demo-subnet}"
    ),
    L + "network-id": held(
        "placed", "{demo-net}", lambda s: s.balancer.vip_network_id, "{demo-net}"
    ),
    L + "port-id": held("ported", "{port}", lambda s: s.balancer.vip_port_id, "{port}"),
    L + "load-balancer-id": elsewhere("test_attach.py::test_they_come_share_it_and_go"),
    L + "member-subnet-id": held(
        "placed",
        "{demo-subnet}",
        lambda s: sorted({each.subnet_id for each in s.port.members.values()}),
        ["{demo-subnet}"],
    ),
    L + "flavor-id": held("placed", "{small}", lambda s: s.balancer.flavor_id, "{small}"),
    L + "availability-zone": held(
        "placed", "zone-a", lambda s: s.balancer.availability_zone, "zone-a"
    ),
    T + "provider": held("door", "octavia", lambda s: s.balancer.provider, "octavia"),
    L + "load-balancer-tags": held("plain", "team=a", lambda s: own(s.balancer.tags), ["team=a"]),
    L + "listener-tags": held(
        "plain", "team=b, x", lambda s: own(s.port.listener.tags), ["team=b", "x"]
    ),
    L + "pool-tags": held("plain", "team=c", lambda s: own(s.port.pool.tags), ["team=c"]),
    L + "floating-network-id": held(
        "placed", "{public}", lambda s: s.floating.floating_network_id, "{public}"
    ),
    L + "floating-subnet-id": held(
        "placed", "{partner-subnet}", lambda s: s.floating.floating_ip_address[:7], "172.25."
    ),
    L + "floating-subnet": held(
        "named", "partner-*", lambda s: s.floating.floating_ip_address[:7], "172.25."
    ),
    L + "floating-subnet-tags": held(
        "plain", "&reach=partner", lambda s: s.floating.floating_ip_address[:7], "172.25."
    ),
    L + "keep-floatingip": Promise("placed", "true", lambda s: bool(s.floating), True, COMBINED),
    L + "hostname": held(
        "named", "web.example.com", lambda s: s.ingress, [{"hostname": "web.example.com"}]
    ),
    L + "class": held("golden", "gold", lambda s: s.balancer.flavor_id, "{large}"),
    T + "group": elsewhere("test_groups.py::test_a_group_from_its_first_service_to_its_last"),
    T + "expose": held("door", "true", lambda s: s.balancer.operating_status, "ONLINE"),
    T + "protect": Promise("named", "true", lambda s: bool(s.balancer), True, COMBINED),
    L + "default-tls-container-ref": elsewhere(TLS),
    T + "tls-secret": elsewhere(SECRET),
    **{
        T + name: elsewhere(TLS)
        for name in (
            *("tls-sni-refs", "tls-versions", "tls-ciphers", "alpn-protocols", "redirect-http"),
            *("hsts-max-age", "hsts-include-subdomains", "hsts-preload"),
        )
    },
    **{L + f"x-forwarded-{name}": elsewhere(TLS) for name in ("for", "port", "proto")},
    L + "proxy-protocol": elsewhere(PROXY),
    L + "load-balancer-address": held(
        "plain", None, lambda s: s.notes[L + "load-balancer-address"] == s.ingress[0]["ip"], True
    ),
    T + "external-ip": held(
        "named", None, lambda s: s.notes[T + "external-ip"] == s.floating.floating_ip_address, True
    ),
    T + "second-external-ip": elsewhere(SIX),
    T + "second-load-balancer-id": elsewhere(SIX),
    T + "load-balancer-id": held(
        "plain", None, lambda s: s.notes[T + "load-balancer-id"] == s.balancer.id, True
    ),
    T + "tree": held("plain", None, lambda s: s.notes[T + "tree"], "{tree}"),
    T + "stack": held("plain", None, lambda s: s.notes[T + "stack"], "{namespace}"),
    T + "digest": held("plain", None, lambda s: s.notes[T + "digest"] == s.revision, True),
    T + "commit": held("plain", None, lambda s: s.notes.get(T + "commit"), "{commit}"),
}
"""By key."""
