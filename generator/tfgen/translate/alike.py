"""Services that say the same are read once; names and node ports are filled in.

Most Services of a fleet differ in these alone. Only what is plain is looked at: a Service that says
anything whose meaning is of its name or namespace (a group, an address, a certificate, one port's
own words), or of which anything was to be told, is read for itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from tfgen import annotations, config, model
from tfgen.annotations import rows, table
from tfgen.translate import naming

_PLAIN = frozenset(
    row.key
    for row in (*rows.listeners.ROWS, *rows.monitors.ROWS, *rows.access.ROWS)
    if row.kind is annotations.Kind.INPUT
)
"""Annotations that mean the same for whoever says them."""
_RANGES = "loadBalancerSourceRanges"
_UNREAD = frozenset(
    {"clusterIP", "clusterIPs", "selector", "internalTrafficPolicy", "ports", _RANGES}
)
_FILLED = frozenset({"nodePort", "targetPort"})
_SET_ASIDE = ("loadBalancerIP", "healthCheckNodePort")
_TWO_FAMILIES = ("PreferDualStack", "RequireDualStack")
_HIGHEST = 65_535
_NAMES = tuple(each.name for each in fields(model.LoadBalancer))
_ALL = attrgetter(*_NAMES)
_OF_PORT = [each.name for each in fields(model.Port)]
_VALUES = attrgetter(*_OF_PORT)
_NODE_PORT, _CIDRS = _OF_PORT.index("node_port"), _OF_PORT.index("allowed_cidrs")

NodePorts = Mapping[tuple[str, int], int]
"""By protocol and number."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """All that a plain Service says, but for what is filled in."""

    said: str
    node_ports: NodePorts
    sources: tuple[str, ...]
    """Who may connect, by the field; empty where it does not say."""


def fits(settings: config.Settings) -> bool:
    """Whether the settings treat all Services alike, whatever their name and namespace."""
    exposure = settings.exposure
    bounded = settings.rules or exposure.allow or settings.members.max_per_pool
    return not bounded and exposure.default == "open"


def of(metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> Likeness | None:
    """Give the likeness of a Service, None where it is not plain."""
    said, sources = _annotations(metadata.get("annotations")), _sources(spec.get(_RANGES))
    if said is None or sources is None or any(map(spec.get, _SET_ASIDE)):
        return None
    if spec.get("ipFamilyPolicy") in _TWO_FAMILIES:
        return None
    entries = spec.get("ports")
    node_ports = dict(_node_ports(entries)) if isinstance(entries, list) else {}
    if not isinstance(entries, list) or len(node_ports) != len(entries):
        return None
    ports = [[item for item in each.items() if item[0] not in _FILLED] for each in entries]
    rest = [item for item in spec.items() if item[0] not in _UNREAD]
    return Likeness(repr((said, rest, ports, bool(sources))), node_ports, sources)


def _sources(found: object) -> tuple[str, ...] | None:
    """Read the field where it is right, IPv4 alone; None where it is to be told what is wrong."""
    if not found:
        return () if found is None or found == [] else None
    try:
        texts = [text for text in found if isinstance(text, str)] if type(found) is list else []
        read = annotations.canonical_cidrs(texts) if texts else ()
    except annotations.Invalid:
        return None
    whole = len(texts) == len(found) if isinstance(found, list) else False
    return read if whole and not any(":" in each for each in read) else None


def _annotations(found: object) -> list[tuple[str, str]] | None:
    """Give what a Service says to us; None where it says what is not plain."""
    said: list[tuple[str, str]] = []
    for key, text in found.items() if isinstance(found, dict) else ():
        if key in _PLAIN:
            said.append((key, text))
        elif annotations.is_ours(key) and not _is_output(key):
            return None
    return said if found is None or isinstance(found, dict) else None


def _is_output(key: str) -> bool:
    row = table.TABLE.get(key)
    return row is not None and row.kind is annotations.Kind.OUTPUT


def _node_ports(entries: list[Any]) -> Iterator[tuple[tuple[str, int], int]]:
    """Give the node ports that are right; what is wrong is missing."""
    for entry in entries:
        if not isinstance(entry, dict):
            return
        number, port = entry.get("nodePort"), entry.get("port")
        named = entry.get("protocol") or "TCP"
        if type(number) is type(port) is int and type(named) is str and 1 <= number <= _HIGHEST:
            yield (named, port), number


def filled(
    known: model.LoadBalancer, key: model.ServiceKey, like: Likeness, settings: config.Settings
) -> model.LoadBalancer:
    """Give the load balancer of a Service by that of one like it."""
    given = dict(zip(_NAMES, _ALL(known), strict=True))
    given["service"] = key
    given["name"] = naming.name(key.namespace, key.name, settings)
    given["description"] = naming.description(key, settings)
    given["tags"] = naming.tags(key, settings)
    given["ports"] = tuple(_port(port, like) for port in known.ports)
    return model.LoadBalancer(**given)


def _port(port: model.Port, like: Likeness) -> model.Port:
    """Give a port with its own node port and sources; `replace` takes twice as long."""
    given = list(_VALUES(port))
    given[_NODE_PORT] = like.node_ports[port.protocol.value, port.port]
    if like.sources:
        given[_CIDRS] = like.sources
    return model.Port(*given)
