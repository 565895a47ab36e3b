"""What the ports of a Service have in common, by annotations, class and settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfgen import annotations, config, model
from tfgen.annotations import table
from tfgen.translate import families, probe, shape, traffic, values

_OCCM = table.OCCM
_RANGES = (table.NODE_PORT_RANGES, table.SOURCE_RANGES)
_AFFINITY_SECONDS = 10_800
"""Kubernetes' default, three hours."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all ports of one Service share."""

    lb_method: str
    persistence: str | None
    connection_limit: int | None
    timeouts: model.Timeouts | None
    monitor: model.Monitor | None
    """Its type is of the port; here it is empty."""
    allowed_cidrs: tuple[str, ...]
    traffic: traffic.Traffic
    limited_by: str = ""
    """The field that says who may connect."""
    monitor_port: bool = True
    world: tuple[str, ...] = (model.Family.IPV4.world,)
    """Everyone, by the address's family."""
    said: probe.Said = field(default_factory=probe.Said)
    """What is said of the monitor beside its numbers."""


def read(
    reader: values.Reader,
    spec: Mapping[str, Any],
    profile: config.Profile,
    side: families.Side = families.IPV4,
) -> Common:
    """Read what holds for a Service's ports, or for one of them. Raises Malformed."""
    defaults = profile.settings.defaults
    allowed, limited_by = _allowed(reader, spec, side)
    return Common(
        lb_method=reader.get(_OCCM + "lb-method", defaults.lb_method),
        persistence=_persistence(reader, spec),
        connection_limit=reader.get(_OCCM + "connection-limit", defaults.connection_limit),
        timeouts=_timeouts(reader, defaults.timeouts),
        monitor=_monitor(reader, defaults.monitor),
        allowed_cidrs=allowed,
        limited_by=limited_by,
        world=(side.family.world,),
        traffic=traffic.read(reader, profile),
        said=probe.read(reader, profile),
    )


def _persistence(reader: values.Reader, spec: Mapping[str, Any]) -> str | None:
    affinity = shape.get(spec, "sessionAffinity", str, path="spec.") or "None"
    if affinity not in {"None", "ClientIP"}:
        reader.wrong("spec.sessionAffinity", affinity, "None or ClientIP")
    _check_affinity_timeout(reader, spec, affinity)
    return "SOURCE_IP" if affinity == "ClientIP" else None


def _check_affinity_timeout(reader: values.Reader, spec: Mapping[str, Any], affinity: str) -> None:
    """Say that a time of its own has no effect; Kubernetes writes the usual one by itself."""
    config_path = "spec.sessionAffinityConfig."
    found = shape.section(spec, "sessionAffinityConfig", path="spec.")
    client = shape.section(found, "clientIP", path=config_path)
    seconds = shape.get(client, "timeoutSeconds", int, path=f"{config_path}clientIP.")
    if affinity == "ClientIP" and seconds not in {None, _AFFINITY_SECONDS}:
        reader.note(
            f"{config_path}clientIP.timeoutSeconds is {seconds}, and has no effect: no time can be "
            "set for persistence by source address (OCCM sets none either)"
        )


def _timeouts(reader: values.Reader, default: config.Timeouts) -> model.Timeouts:
    return model.Timeouts(
        client_data=reader.get(_OCCM + "timeout-client-data", default.client_data),
        member_connect=reader.get(_OCCM + "timeout-member-connect", default.member_connect),
        member_data=reader.get(_OCCM + "timeout-member-data", default.member_data),
        tcp_inspect=reader.get(_OCCM + "timeout-tcp-inspect", default.tcp_inspect),
    )


def _monitor(reader: values.Reader, default: config.Monitor) -> model.Monitor | None:
    """Read the monitor; its numbers are checked even where it is off."""
    prefix = _OCCM + "health-monitor-"
    monitor = model.Monitor(
        type="",
        delay=reader.get(prefix + "delay", default.delay),
        timeout=reader.get(prefix + "timeout", default.timeout),
        max_retries=reader.get(prefix + "max-retries", default.max_retries),
        max_retries_down=reader.get(prefix + "max-retries-down", default.max_retries_down),
    )
    if not reader.get(_OCCM + "enable-health-monitor", default.enabled):
        return None
    if monitor.timeout >= monitor.delay:
        said = "timeout" if reader.has(prefix + "timeout") else "delay"
        reader.wrong(
            reader.name(f"{prefix}{said}"),
            f"{getattr(monitor, said)} s",
            f"a timeout of {monitor.timeout} s to be less than the delay of {monitor.delay} s",
            f"Lower {prefix}timeout, or raise {prefix}delay.",
        )
    return monitor


def _allowed(
    reader: values.Reader, spec: Mapping[str, Any], side: families.Side
) -> tuple[tuple[str, ...], str]:
    """Read who may connect: the port itself, the field, an annotation, else everyone; who says so.

    As in Kubernetes the field wins over annotations of the Service, which are checked even then.
    """
    said = {reader.name(key): reader.get(key, default=()) for key in _RANGES}
    own = {name: cidrs for name, cidrs in said.items() if reader.of_port(table.NODE_PORT_RANGES)}
    found = {**own, "spec.loadBalancerSourceRanges": _ranges(reader, spec, side), **said}
    field = next((field for field, cidrs in found.items() if cidrs), "")
    return families.ranges(reader, field, found.get(field, ()), side), field


def _ranges(reader: values.Reader, spec: Mapping[str, Any], side: families.Side) -> tuple[str, ...]:
    texts = shape.texts(spec, "loadBalancerSourceRanges", path="spec.")
    try:
        return annotations.canonical_cidrs(texts)
    except annotations.Invalid as wrong:
        field = "spec.loadBalancerSourceRanges"
        reader.wrong(field, ", ".join(texts), str(wrong), "Correct it.")
        return (side.family.world,)
