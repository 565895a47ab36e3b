"""How the members of one port are probed: what is said, checked against Octavia's matrix.

Octavia takes UDP-CONNECT, SCTP, TCP and HTTP for pools of UDP and SCTP, all but the first two for
the others; provider ovn has TCP and UDP-CONNECT alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tfgen import model
from tfgen.annotations import table
from tfgen.translate import capabilities, values
from tfgen.translate.probe import HOST, TYPE, Said

_USUAL = {
    model.Protocol.TCP: "TCP",
    model.Protocol.UDP: "UDP-CONNECT",
    model.Protocol.SCTP: "SCTP",
}
_OF_DATAGRAMS = ("UDP-CONNECT", "SCTP", "TCP", "HTTP")
_FITTING: Mapping[model.Protocol, tuple[str, ...]] = {
    model.Protocol.TCP: ("TCP", "HTTP", "HTTPS", "TLS-HELLO", "PING"),
    model.Protocol.UDP: _OF_DATAGRAMS,
    model.Protocol.SCTP: _OF_DATAGRAMS,
}
_OVN = ("TCP", "UDP-CONNECT")
_ASKING = ("HTTP", "HTTPS")
"""Types that ask for a path."""
_SINCE = {("UDP", "HTTP"): "2.16", ("SCTP", "HTTP"): "2.16"}
"""Octavia's API that has it, by the pool's protocol and the monitor's type."""
_POLICY = "spec.externalTrafficPolicy"


@dataclass(frozen=True, slots=True)
class Local:
    """What `externalTrafficPolicy: Local` means for the monitors of a Service."""

    asked: bool = False
    port: bool = False
    """Whether Kubernetes opens a health check node port: for type LoadBalancer alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose port it is, and what carries it out."""

    protocol: model.Protocol
    key: str
    octavia: capabilities.Octavia
    local: Local = field(default_factory=Local)


def made(
    reader: values.Reader, said: Said, numbers: model.Monitor | None, place: Place
) -> tuple[model.Monitor | None, bool]:
    """Give a port's monitor, and whether it asks the health check node port."""
    if numbers is None:
        if place.local.asked:
            _check_off(reader)
        return None, False
    if place.local.asked and not said.annotated:
        why = _without_health_port(place)
        if not why:
            return _healthz(reader, said, numbers), True
        kind = _USUAL[place.protocol]
        told = f"{place.key}: externalTrafficPolicy Local is probed with {kind} on the node port"
        reader.notices.append(model.Notice(f"Service {reader.service}", f"{told}, {why}"))
        return replace(numbers, type=kind), False
    return _probe(reader, said, numbers, place), False


def _check_off(reader: values.Reader) -> None:
    reader.wrong(
        _POLICY,
        "Local",
        '"Cluster", for without monitors the traffic to nodes that have no pod of it is lost',
        "Switch its monitors on (enable-health-monitor), or set it to Cluster.",
    )


def _without_health_port(place: Place) -> str:
    """Say why the health check node port cannot be asked; nothing where it can."""
    if not place.local.port:
        return "for a Service of type NodePort has no health check node port"
    if place.octavia.provider == capabilities.OVN:
        return "for Octavia provider ovn has no HTTP monitors"
    since = _SINCE.get((place.protocol, "HTTP"), "")
    if since and capabilities.older(place.octavia.api_version, since):
        return f"for HTTP monitors of UDP came with Octavia API {since}"
    return ""


def _healthz(reader: values.Reader, said: Said, numbers: model.Monitor) -> model.Monitor:
    """Give kube-proxy's own: 200 where the node has a pod of the Service, else 503 (as OCCM)."""
    for who, value in said.odd:
        expected = "nothing, for externalTrafficPolicy Local asks the health check node port"
        remedy = f"Remove it, or say {TYPE} too: then the node port is asked."
        reader.wrong(who, value, expected, remedy)
    return replace(
        numbers, type="HTTP", url_path="/healthz", http_method="GET", expected_codes="200"
    )


def _probe(
    reader: values.Reader, said: Said, numbers: model.Monitor, place: Place
) -> model.Monitor:
    kind = said.type or _USUAL[place.protocol]
    _check_type(reader, said, kind, place)
    if kind not in _ASKING:
        for who, value in said.odd:
            expected = f"nothing, for {place.key} is probed with {kind}"
            reader.wrong(who, value, expected, f"Remove it, or set {TYPE} to HTTP or HTTPS.")
        return replace(numbers, type=kind)
    if said.host and capabilities.lacks(place.octavia, HOST):
        lacking = capabilities.lacks(place.octavia, HOST)
        reader.wrong(
            said.host_by, said.host, f"nothing, for {lacking} does not do it", "Remove it."
        )
    return replace(
        numbers,
        type=kind,
        url_path=said.url_path,
        http_method=said.http_method,
        expected_codes=said.expected_codes,
        http_version="1.1" if said.host else None,
        domain_name=said.host or None,
    )


def _check_type(reader: values.Reader, said: Said, kind: str, place: Place) -> None:
    """Note a type that the port cannot have."""
    fitting = _FITTING[place.protocol]
    if place.octavia.provider == capabilities.OVN:
        fitting = tuple(each for each in fitting if each in _OVN)
    if said.by and kind not in fitting:
        whose = f" of Octavia provider {place.octavia.provider}"
        reader.wrong(
            said.by,
            kind,
            f"a monitor of a {place.protocol} port{whose}: {', '.join(fitting)}",
            f"Correct it, or say another one for the port: {table.PORT}{place.key}."
            "health-monitor-type.",
        )
        return
    since = _SINCE.get((place.protocol, kind), "")
    if since and capabilities.older(place.octavia.api_version, since):
        expected = f"a monitor of Octavia API {place.octavia.api_version} (it came with {since})"
        reader.wrong(said.by, kind, expected, "Remove it.")
