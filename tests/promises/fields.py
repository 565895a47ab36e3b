"""The fields of a Service that are about a load balancer, by their names in tools/coverage."""

from collections.abc import Mapping

from tests.promises.annotations import PROXY, SIX
from tests.promises.promise import Promise, elsewhere, held

MAIN = "test_main_line.py"
NO_TRAFFIC = "Octavia's answer alone: the laboratory carries no IPv6"
FIELDS: Mapping[str, Promise] = {
    "type": elsewhere(f"{MAIN}::test_a_service_gets_an_address_that_answers"),
    "loadBalancerClass": elsewhere("test_explain.py::test_why_services_are_left_out"),
    "ports[].port": held("golden", None, lambda s: sorted(s.ports), ["tcp-443", "tcp-80"]),
    "ports[].protocol": elsewhere(
        "test_traffic_options.py::test_udp_and_tcp_on_one_number",
        "of UDP Octavia's answer alone: the laboratory's data plane carries none",
    ),
    "ports[].protocol (SCTP)": elsewhere(
        PROXY, "of SCTP Octavia's answer alone: the laboratory's data plane carries none"
    ),
    "ports[].nodePort": held(
        "plain",
        None,
        lambda s: (
            {each.protocol_port for each in s.port.members.values()}
            == {s.service["spec"]["ports"][0]["nodePort"]}
        ),
        True,
    ),
    "ports[].name": elsewhere(PROXY),
    "ports[].appProtocol": held(
        "golden",
        None,
        lambda s: {name: port.listener.protocol for name, port in s.ports.items()},
        {"tcp-443": "TERMINATED_HTTPS", "tcp-80": "HTTP"},
    ),
    "loadBalancerIP": held("ported", None, lambda s: s.floating.floating_ip_address, "{given}"),
    "loadBalancerSourceRanges": elsewhere(f"{MAIN}::test_a_service_gets_an_address_that_answers"),
    "externalTrafficPolicy": held(
        "local",
        None,
        lambda s: (s.port.monitor.type, s.port.monitor.url_path),
        ("HTTP", "/healthz"),
    ),
    "healthCheckNodePort": held(
        "local",
        None,
        lambda s: (
            {each.monitor_port for each in s.port.members.values()}
            == {s.service["spec"]["healthCheckNodePort"]}
        ),
        True,
    ),
    "sessionAffinity": held(
        "plain", None, lambda s: s.port.pool.session_persistence["type"], "SOURCE_IP"
    ),
    "ipFamilies": elsewhere(SIX, NO_TRAFFIC),
    "ipFamilyPolicy": elsewhere(SIX, NO_TRAFFIC),
    "sessionAffinityConfig": held(
        "plain", None, lambda s: s.port.pool.session_persistence["persistence_timeout"], None
    ),
}
"""By name."""
