"""How members are probed: types against protocols, and externalTrafficPolicy Local."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate

T = "tfgen.io/health-monitor-"
PORT = "tfgen.io/port."
OFF = "loadbalancer.openstack.org/enable-health-monitor"
POLICY = "spec.externalTrafficPolicy"
OVN: dict[str, Any] = {"octavia": {"provider": "ovn"}, "defaults": {"lb_method": "SOURCE_IP_PORT"}}
OLD: dict[str, Any] = {"octavia": {"api_version": "2.15"}}
BOTH = [objects.port(80), objects.port(53, "UDP")]


def translated(settings: dict[str, Any] | None = None, **spec: Any) -> model.Translation:  # noqa: ANN401  any field
    """Translate one Service."""
    context = translate.Context(objects.settings(**(settings or {})), {})
    service = objects.service("shop/web", **spec)
    return translate.translate(objects.listing([service], objects.nodes()), context)


def kinds(settings: dict[str, Any] | None = None, **spec: Any) -> dict[str, str]:  # noqa: ANN401  any field
    """Give the type of each port's monitor, `+` where the health check node port is asked."""
    made = translated(settings, **spec)
    assert made.problems == ()
    return {
        port.key: f"{port.monitor.type if port.monitor else 'none'}{'+' * port.health_check}"
        for port in made.load_balancers[0].ports
    }


def problems(settings: dict[str, Any] | None = None, **spec: Any) -> list[str]:  # noqa: ANN401  any field
    """Give what is wrong, as `field: found; expected`."""
    found = translated(settings, **spec).problems
    return [f"{each.field}: {each.found}; {each.expected}" for each in found]


FITS = [
    ("TCP", [f"TCP: {kind}" for kind in ("TCP", "HTTP", "HTTPS", "TLS-HELLO", "PING")]),
    ("UDP", [f"UDP: {kind}" for kind in ("TCP", "HTTP", "UDP-CONNECT", "SCTP")]),
]


@pytest.mark.parametrize(
    "kind", ["TCP", "HTTP", "HTTPS", "TLS-HELLO", "PING", "UDP-CONNECT", "SCTP"]
)
@pytest.mark.parametrize(("protocol", "fitting"), FITS)
def test_a_type_fits_its_protocol_or_is_a_problem(
    kind: str, protocol: str, fitting: list[str]
) -> None:
    """By Octavia's matrix; the problem names what fits, and how one port says another type."""
    spec: dict[str, Any] = {
        "annotations": {T + "type": kind},
        "ports": [objects.port(80, protocol)],
    }
    if f"{protocol}: {kind}" in fitting:
        assert kinds(**spec) == {f"{protocol.lower()}-80": kind}
        return
    (told,) = translated(**spec).problems
    assert (told.field, told.found) == (f"annotation {T}type", f'"{kind}"')
    assert told.expected.startswith(f"a monitor of a {protocol} port")
    assert told.remedy.endswith(f"{PORT}{protocol.lower()}-80.health-monitor-type.")


def test_one_port_is_probed_otherwise() -> None:
    """What the Service says for all its ports is set aside by what one says for itself."""
    annotations = {
        T + "type": "HTTP",
        T + "path": "/ready",
        PORT + "udp-53.health-monitor-type": "UDP-CONNECT",
    }
    assert kinds(annotations=annotations, ports=BOTH) == {"tcp-80": "HTTP", "udp-53": "UDP-CONNECT"}


def test_class_and_settings_say_how() -> None:
    """The class over the settings; a setting that does not fit a port is named."""
    settings: dict[str, Any] = {
        "defaults": {"monitor": {"type": "HTTP", "path": "/up", "codes": "200,204"}},
        "classes": {"raw": {"monitor": {"type": "TLS-HELLO"}}},
    }
    (balancer,) = translated(settings).load_balancers
    monitor = balancer.ports[0].monitor
    assert monitor == model.Monitor(
        "HTTP", 5, 3, 1, 3, url_path="/up", http_method="GET", expected_codes="200,204"
    )
    raw: dict[str, Any] = {"annotations": {"loadbalancer.openstack.org/class": "raw"}}
    assert kinds(settings, **raw) == {"tcp-80": "TLS-HELLO"}
    told = problems(settings, ports=BOTH, **raw)
    assert [each.partition(":")[0] for each in told] == ["setting classes.raw.monitor.type"]


@pytest.mark.parametrize("setting", ["path", "codes", "method", "host"])
def test_what_a_type_does_not_ask_for_is_a_problem(setting: str) -> None:
    """A path without HTTP would be ignored by Octavia."""
    value = {"path": "/x", "codes": "200", "method": "GET", "host": "a.example"}[setting]
    (told,) = translated(annotations={T + setting: value}).problems
    assert str(told) == (
        f'Service shop/web: annotation {T}{setting} is "{value}"; expected nothing, for tcp-80 is '
        f"probed with TCP. Remove it, or set {T}type to HTTP or HTTPS."
    )


def test_a_host_needs_its_api() -> None:
    """Older Octavia has no host in a monitor."""
    annotations = {T + "type": "HTTP", T + "host": "a.example"}
    settings: dict[str, Any] = {"octavia": {"api_version": "2.9"}}
    (told,) = problems(settings, annotations=annotations)
    assert told.startswith(f'annotation {T}host: "a.example"; nothing, for Octavia API 2.9')


def test_http_of_udp_needs_its_api() -> None:
    """Older Octavia accepts it and probes nothing."""
    annotations = {PORT + "udp-53.health-monitor-type": "HTTP"}
    (told,) = problems(OLD, annotations=annotations, ports=BOTH)
    assert told.endswith("a monitor of Octavia API 2.15 (it came with 2.16)")


def test_ovn_has_two_types() -> None:
    """TCP and UDP-CONNECT alone."""
    (told,) = problems(OVN, annotations={T + "type": "HTTP"})
    assert told.endswith("of Octavia provider ovn: TCP")
    assert kinds(OVN, ports=BOTH) == {"tcp-80": "TCP", "udp-53": "UDP-CONNECT"}


LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 32100}


def test_local_asks_the_health_check_node_port() -> None:
    """All ports ask kube-proxy, which answers 200 only on nodes with a pod of the Service."""
    assert kinds(**LOCAL, ports=BOTH) == {"tcp-80": "HTTP+", "udp-53": "HTTP+"}
    (balancer,) = translated(**LOCAL).load_balancers
    assert balancer.health_check_node_port == 32100
    assert balancer.ports[0].monitor == model.Monitor(
        "HTTP", 5, 3, 1, 3, url_path="/healthz", http_method="GET", expected_codes="200"
    )


def test_cluster_does_not() -> None:
    """A health check node port that is left over means nothing."""
    (balancer,) = translated(healthCheckNodePort=32100).load_balancers
    assert balancer.health_check_node_port is None
    assert kinds(healthCheckNodePort=32100) == {"tcp-80": "TCP"}


def test_local_without_monitors_is_a_problem() -> None:
    """Traffic to nodes without a pod would be lost, in silence."""
    (told,) = translated(**LOCAL, annotations={OFF: "false"}).problems
    assert str(told) == (
        f'Service shop/web: {POLICY} is "Local"; expected "Cluster", for without monitors the '
        "traffic to nodes that have no pod of it is lost. "
        "Switch its monitors on (enable-health-monitor), or set it to Cluster."
    )
    per_port = {PORT + "udp-53.enable-health-monitor": "false"}
    assert len(problems(**LOCAL, ports=BOTH, annotations=per_port)) == 1


FALLBACKS: list[tuple[Any, ...]] = [
    (
        OLD,
        {},
        {"tcp-80": "HTTP+", "udp-53": "UDP-CONNECT"},
        ["udp-53"],
        "came with Octavia API 2.16",
    ),
    (OVN, {}, {"tcp-80": "TCP", "udp-53": "UDP-CONNECT"}, ["tcp-80", "udp-53"], "provider ovn"),
    (
        {},
        {
            "type": "NodePort",
            "loadBalancerClass": ...,
            "annotations": {"tfgen.io/expose": "true"},
        },
        {"tcp-80": "TCP", "udp-53": "UDP-CONNECT"},
        ["tcp-80", "udp-53"],
        "NodePort",
    ),
]


@pytest.mark.parametrize(("settings", "spec", "expected", "ports", "why"), FALLBACKS)
def test_local_falls_back_to_the_node_port_and_says_so(
    settings: dict[str, Any],
    spec: dict[str, Any],
    expected: dict[str, str],
    ports: list[str],
    why: str,
) -> None:
    """Where nothing can ask the health check node port, as OCCM does, with a notice."""
    whole = {**LOCAL, "ports": BOTH, **spec}
    assert kinds(settings, **whole) == expected
    told = [notice.text for notice in translated(settings, **whole).notices]
    assert [text.partition(":")[0] for text in told] == ports
    assert all("probed with" in text and why in text for text in told)


def test_an_annotation_sets_the_health_check_node_port_aside() -> None:
    """Whoever names a type means the node port; a setting does not."""
    assert kinds(**LOCAL, annotations={T + "type": "TCP"}) == {"tcp-80": "TCP"}
    assert kinds({"defaults": {"monitor": {"type": "TCP"}}}, **LOCAL) == {"tcp-80": "HTTP+"}
    (told,) = problems(**LOCAL, annotations={T + "path": "/x"})
    assert told.endswith("nothing, for externalTrafficPolicy Local asks the health check node port")


@pytest.mark.parametrize("number", [-1, 65536])
def test_a_health_check_node_port_is_a_port(number: int) -> None:
    """Files can hold anything."""
    assert problems(**{**LOCAL, "healthCheckNodePort": number}) == [
        f'spec.healthCheckNodePort: "{number}"; a whole number from 1 to 65535'
    ]
