"""Hypothesis strategies: Services and Nodes, likely ones and broken ones."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.fakes import objects
from tfgen import annotations

Json = dict[str, Any]

_ODD = st.sampled_from(
    [
        "",
        " ",
        "..",
        "/",
        '"',
        "${x}",
        "%{if}",
        "\n",
        "\x1b[2J",
        "\u202e",
        "a" * 300,
        "é",
        "-1",
        "true",
    ]
)
texts = _ODD | st.text(max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
json = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)

_names = st.from_regex(r"[a-z]([-a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)
names = st.sampled_from(["web", "api", "a" * 63, "0"]) | _names
_ours = st.sampled_from(
    sorted(annotations.TABLE) + [f"tfgen.io/port.80.{name}" for name in annotations.PER_PORT]
)
_MONITORED = "loadbalancer.openstack.org/enable-health-monitor"
_good = {
    "service.beta.kubernetes.io/openstack-internal-load-balancer": st.sampled_from(
        ["true", "false"]
    ),
    "service.beta.kubernetes.io/load-balancer-source-ranges": st.just("192.0.2.0/24, 10.0.0.0/8"),
    "loadbalancer.openstack.org/connection-limit": (st.just(-1) | st.integers(1, 9999)).map(str),
    "loadbalancer.openstack.org/lb-method": st.sampled_from(["ROUND_ROBIN", "SOURCE_IP"]),
    "loadbalancer.openstack.org/timeout-client-data": st.integers(1, 9999).map(str),
    _MONITORED: st.sampled_from(["true", "false"]),
    "loadbalancer.openstack.org/subnet-id": st.sampled_from(["a" * 32, objects.SUBNET]),
    "loadbalancer.openstack.org/network-id": st.sampled_from(["", "b" * 32]),
    "loadbalancer.openstack.org/member-subnet-id": st.sampled_from(["", "a" * 32]),
    "loadbalancer.openstack.org/port-id": st.just(""),
    "loadbalancer.openstack.org/load-balancer-id": st.just(""),
    "loadbalancer.openstack.org/flavor-id": st.sampled_from(["", "c" * 32]),
    "loadbalancer.openstack.org/availability-zone": st.sampled_from(["", "nova"]),
    "loadbalancer.openstack.org/load-balancer-tags": st.sampled_from(["", "a,b", "${x}"]),
    "loadbalancer.openstack.org/keep-floatingip": st.sampled_from(["true", "false"]),
    "tfgen.io/provider": st.sampled_from(["amphora", "octavia"]),
    "loadbalancer.openstack.org/node-selector": st.sampled_from(["", "!gone", "! gone, !old"]),
    "tfgen.io/health-monitor-type": st.sampled_from(["TCP", "HTTP"]),
    "tfgen.io/protect": st.sampled_from(["true", "false"]),
    "loadbalancer.openstack.org/listener-tags": st.sampled_from(["", "a", "b, ${x}"]),
    "loadbalancer.openstack.org/pool-tags": st.just("a,b"),
    "example.com/owner": texts,
}
_cidrs = st.lists(st.sampled_from(["192.0.2.0/24", "198.51.100.7/25", "0.0.0.0/0", "10.0.0.0/8"]))


@st.composite
def _ports(draw: st.DrawFn) -> list[Json]:
    numbers = st.tuples(st.sampled_from(["TCP", "UDP", "SCTP"]), st.integers(1, 65_535))
    found = draw(st.lists(numbers, min_size=1, max_size=4, unique=True))
    node_ports = st.none() | st.integers(30_000, 32_767)
    apps = st.sampled_from(["http", "https", "grpc", "x/y"])
    return [
        {
            "protocol": protocol,
            "port": number,
            "nodePort": draw(node_ports),
            **draw(st.fixed_dictionaries({}, optional={"appProtocol": apps})),
            **draw(st.fixed_dictionaries({}, optional={"name": st.just(f"p{number}")})),
        }
        for protocol, number in found
    ]


_own = {
    "default-tls-container-ref": st.sampled_from(["", f"secrets/{objects.SUBNET}"]),
    "proxy-protocol": st.sampled_from(["true", "v1", "v2", "false"]),
    "listener-tags": st.just("own"),
}


@st.composite
def _speaking(draw: st.DrawFn, ports: list[Json]) -> dict[str, str]:
    """What single TCP ports say for themselves, by number and protocol."""
    found: dict[str, str] = {}
    for port in (each for each in ports if each["protocol"] == "TCP"):
        own = draw(st.fixed_dictionaries({}, optional=_own))
        name = f"tfgen.io/port.tcp-{port['port']}."
        found.update({name + setting: text for setting, text in own.items()})
    return found


def _service(key: tuple[str, str], spec: Json, found: Mapping[str, str]) -> Json:
    """Make a Service; Local traffic needs its monitors."""
    local = spec.get("externalTrafficPolicy") == "Local"
    said = {name: value for name, value in found.items() if not (local and name == _MONITORED)}
    return objects.service("/".join(key), **spec, annotations=said)


_keys = st.tuples(names, names)


def rightful(keys: st.SearchStrategy[tuple[str, str]] = _keys) -> st.SearchStrategy[Json]:
    """Claimed Services without a problem."""
    spec = st.fixed_dictionaries(
        {"ports": _ports()},
        optional={
            "loadBalancerSourceRanges": _cidrs,
            "externalTrafficPolicy": st.sampled_from(["Cluster", "Local"]),
            "healthCheckNodePort": st.integers(30_000, 32_767),
            "sessionAffinity": st.sampled_from(["None", "ClientIP"]),
            "selector": st.just({"app": "x"}),
        },
    )
    return spec.flatmap(lambda made: st.builds(_service, keys, st.just(made), _annotations(made)))


def plain() -> st.SearchStrategy[Json]:
    """Claimed Services that say to us what most of a fleet do: timeouts, sources, hardly more."""
    timeout = st.dictionaries(
        st.just("loadbalancer.openstack.org/timeout-client-data"), st.sampled_from(["1000", "x"])
    )
    return st.builds(_with_annotations, rightful(), timeout)


def _with_annotations(service: Json, annotations: Json) -> Json:
    spec = {k: v for k, v in service["spec"].items() if k != "healthCheckNodePort"}
    metadata = {**service["metadata"], "annotations": annotations}
    return {**service, "metadata": metadata, "spec": spec}


@st.composite
def _annotations(draw: st.DrawFn, spec: Json) -> dict[str, str]:
    found = draw(st.fixed_dictionaries({}, optional=_good))
    return {**found, **draw(_speaking(spec["ports"]))}


def fleets(most: int = 4) -> st.SearchStrategy[list[Json]]:
    """Several Services, each of its own name."""
    return st.lists(rightful(), max_size=most, unique_by=_identity)


def _identity(service: Json) -> tuple[str, str]:
    return service["metadata"]["namespace"], service["metadata"]["name"]


nodes = st.sets(st.integers(1, 30), min_size=2, max_size=8).map(
    lambda numbers: [objects.node(number) for number in sorted(numbers)]
)


@st.composite
def mutated(draw: st.DrawFn, of: st.SearchStrategy[Json]) -> Json:
    """Realistic objects in which something, somewhere, was replaced by anything."""
    whole = draw(of)
    for _ in range(draw(st.integers(1, 3))):
        key = draw(st.sampled_from(sorted(whole)))
        whole = {**whole, key: draw(_broken_somewhere(whole[key]))}
    return whole


@st.composite
def _broken_somewhere(draw: st.DrawFn, value: Any) -> Any:  # noqa: ANN401  any JSON
    """Go down to a random place, and put anything there."""
    if isinstance(value, dict) and value and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(_broken_somewhere(value[key]))}
    if isinstance(value, dict) and draw(st.booleans()):
        return {**value, draw(_ours | texts): draw(json)}
    if isinstance(value, list) and value and draw(st.booleans()):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], draw(_broken_somewhere(value[index])), *value[index + 1 :]]
    return draw(json)


anything = st.dictionaries(
    st.sampled_from(["metadata", "spec", "status", "kind"]) | texts,
    json
    | st.dictionaries(
        st.sampled_from(["name", "namespace", "annotations", "labels", "type", "ports"]) | texts,
        json,
    ),
)
"""Objects that have little to do with Kubernetes."""
