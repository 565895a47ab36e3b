"""Service ports to load balancer ports: keyed by protocol and number, whatever order or name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import config, model
from tfgen.translate import (
    capabilities,
    common,
    exposure,
    families,
    monitors,
    per_port,
    protocol,
    shape,
    values,
)
from tfgen.translate.common import Common

_HIGHEST = 65_535


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose ports they are, what carries them out, and the operator's word on who may connect."""

    service: model.ServiceKey
    octavia: capabilities.Octavia
    exposure: config.Exposure | None
    """None where the load balancer is internal."""
    side: families.Side = families.IPV4


class Shared:
    """What holds for all ports of a Service; a port that says something itself is read anew."""

    def __init__(
        self,
        reader: values.Reader,
        spec: Mapping[str, Any],
        profile: config.Profile,
        setting: Setting,
    ) -> None:
        self._reader, self._spec, self._profile = reader, spec, profile
        self._setting = setting
        self._of_all = self._read(reader)
        self._local = _local(reader, spec)
        self.names: set[str] = set()
        self._spoken: list[protocol.Spoken] = []

    def of(self, entry: protocol.Entry, name: str) -> tuple[Common, protocol.Spoken]:
        """Give what holds for one port, and what it speaks."""
        mine, found = self._reader, self._of_all
        if mine.has_ports:
            names = per_port.names(entry.protocol, entry.port, name)
            self.names.update(names)
            mine = mine.at(names)
            found = found if mine is self._reader else self._read(mine)
        capabilities.check_protocol(mine, entry, self._setting.octavia)
        spoken = protocol.spoken(mine, found.traffic, entry, self._profile)
        self._spoken.append(spoken)
        return found, spoken

    def check(self) -> None:
        """Note what is said for no port that there is, or carried out by none."""
        self._reader.check_ports(self.names)
        protocol.check(self._reader, self._spoken)

    def monitor(
        self, mine: Common, kind: model.Protocol, number: int
    ) -> tuple[model.Monitor | None, bool]:
        """Give the monitor of one port, and whether it asks the health check node port."""
        key = f"{kind.lower()}-{number}"
        place = monitors.Place(kind, key, self._setting.octavia, self._local)
        return monitors.made(self._reader, mine.said, mine.monitor, place)

    def _read(self, reader: values.Reader) -> Common:
        setting = self._setting
        found = common.read(reader, self._spec, self._profile, setting.side)
        if setting.exposure:
            found = exposure.fit(reader, setting.service, found, setting.exposure)
        return capabilities.fit(reader, found, setting.octavia, self._profile)


def read(
    reader: values.Reader, spec: Mapping[str, Any], shared: Shared, *, live: bool
) -> tuple[model.Port, ...]:
    """Give the ports sorted by protocol and number. Raises Malformed."""
    found: dict[str, model.Port] = {}
    allocated = shape.get(spec, "allocateLoadBalancerNodePorts", bool, path="spec.")
    without = allocated is False and live
    for index, entry in enumerate(shape.get(spec, "ports", list, path="spec.") or []):
        path = f"spec.ports[{index}]."
        if not isinstance(entry, dict):
            raise shape.Malformed(path[:-1], entry, "an object")
        port = _port(reader, entry, path, shared)
        if port is None:
            continue
        if port.key in found:
            reader.wrong(path[:-1], port.key, "a protocol and port that no other entry has")
        if without and port.node_port is None:
            _no_node_port(reader, path)
        found[port.key] = port
    shared.check()
    if not found and not reader.problems:
        reader.wrong("spec.ports", "empty", "at least one port")
    return tuple(sorted(found.values(), key=lambda port: (port.protocol, port.port)))


def _port(
    reader: values.Reader,
    entry: Mapping[str, Any],
    path: str,
    shared: Shared,
) -> model.Port | None:
    kind = _protocol(reader, entry, path)
    number = _number(reader, entry, "port", path)
    node_port = _node_port(reader, entry, path)
    name = shape.get(entry, "name", str, path=path) or ""
    app_protocol = shape.get(entry, "appProtocol", str, path=path) or ""
    if kind is None or number is None:
        return None
    mine, spoken = shared.of(protocol.Entry(kind, number, app_protocol), name)
    monitor, health_check = shared.monitor(mine, kind, number)
    return model.Port(
        protocol=kind,
        port=number,
        node_port=node_port,
        listener_protocol=spoken.listener,
        pool_protocol=spoken.pool,
        lb_method=mine.lb_method,
        persistence=mine.persistence,
        connection_limit=mine.connection_limit,
        timeouts=mine.timeouts,
        monitor=monitor,
        allowed_cidrs=mine.allowed_cidrs,
        monitor_port=mine.monitor_port,
        tls=spoken.tls,
        headers=spoken.headers,
        redirect=spoken.redirect,
        listener_tags=mine.traffic.listener_tags,
        pool_tags=mine.traffic.pool_tags,
        health_check=health_check,
    )


def health_check_node_port(
    reader: values.Reader, spec: Mapping[str, Any], found: tuple[model.Port, ...]
) -> int | None:
    """Give the health check node port where a port asks it and it is known. Raises Malformed."""
    number = shape.get(spec, "healthCheckNodePort", int, path="spec.")
    if not number or not any(port.health_check for port in found):
        return None
    return _number(reader, spec, "healthCheckNodePort", "spec.")


def _local(reader: values.Reader, spec: Mapping[str, Any]) -> monitors.Local:
    policy = shape.get(spec, "externalTrafficPolicy", str, path="spec.")
    if policy not in {None, "Cluster", "Local"}:
        reader.wrong("spec.externalTrafficPolicy", policy, "one of Cluster, Local")
    return monitors.Local(policy == "Local", port=spec.get("type") != "NodePort")


def _protocol(reader: values.Reader, entry: Mapping[str, Any], path: str) -> model.Protocol | None:
    text = shape.get(entry, "protocol", str, path=path) or "TCP"
    if text in set(model.Protocol):
        return model.Protocol(text)
    reader.wrong(f"{path}protocol", text, "TCP, UDP or SCTP")
    return None


def _number(reader: values.Reader, entry: Mapping[str, Any], key: str, path: str) -> int | None:
    number = shape.get(entry, key, int, path=path)
    if number is not None and 1 <= number <= _HIGHEST:
        return number
    found = "missing" if number is None else number
    reader.wrong(f"{path}{key}", found, f"a whole number from 1 to {_HIGHEST}")
    return None


def _node_port(reader: values.Reader, entry: Mapping[str, Any], path: str) -> int | None:
    """Give the node port; where there is none yet, the API writes 0 or nothing."""
    unset = shape.get(entry, "nodePort", int, path=path) in {None, 0}
    return None if unset else _number(reader, entry, "nodePort", path)


def _no_node_port(reader: values.Reader, path: str) -> None:
    reader.wrong(
        f"{path}nodePort",
        "missing",
        "a node port, and spec.allocateLoadBalancerNodePorts: false means there will never be one",
        "Set spec.allocateLoadBalancerNodePorts to true, or give the port a nodePort.",
    )
