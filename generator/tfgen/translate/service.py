"""One claimed Service to one load balancer, or to its problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfgen import annotations, config, model
from tfgen.annotations import table
from tfgen.translate import capabilities, creation, ports, shape, unbuilt, values
from tfgen.translate.nodes import DEFAULT_GROUP

_OCCM = table.OCCM
_APPLIED = table.TFGEN + "digest"
_RANGES = (table.NODE_PORT_RANGES, table.SOURCE_RANGES)


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all Services of one pass."""

    settings: config.Settings
    frozen: Mapping[model.ServiceKey, model.Frozen]
    """Creation-only values of what is rendered already."""
    address_change: frozenset[model.ServiceKey] = field(default_factory=frozenset)
    """Services for which a person accepts new ones, now."""
    changing: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Those accepted before and not seen applied, with the revision of the file that lets them."""
    live: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either a load balancer or problems; notices beside both."""

    load_balancer: model.LoadBalancer | None
    problems: tuple[model.Problem, ...] = ()
    notices: tuple[model.Notice, ...] = ()


def load_balancer(
    key: model.ServiceKey,
    metadata: Mapping[str, Any],
    spec: Mapping[str, Any],
    context: Context,
) -> Outcome:
    """Translate one Service that is ours. Raises Malformed where its annotations are no object."""
    reader = values.Reader(key, shape.section(metadata, "annotations", path="metadata."))
    try:
        made, notices = _read(reader, key, spec, context)
    except shape.Malformed as wrong:
        reader.malformed(wrong)
        return Outcome(None, tuple(sorted(reader.problems)))
    if reader.problems:
        return Outcome(None, tuple(sorted(reader.problems)), notices)
    return Outcome(made, (), notices)


def _read(
    reader: values.Reader, key: model.ServiceKey, spec: Mapping[str, Any], context: Context
) -> tuple[model.LoadBalancer, tuple[model.Notice, ...]]:
    """Read all that a Service says; what is wrong is noted in the reader. Raises Malformed."""
    settings = context.settings
    reader.check_keys(settings)
    unbuilt.check(reader, spec)
    reader.get(table.TFGEN + "expose", default=True)
    internal = reader.get(table.INTERNAL, settings.defaults.internal)
    accept, changing = key in context.address_change, _changing(reader, key, context)
    kept = context.frozen.get(key)
    wanted = creation.wanted(reader, settings, internal=internal)
    frozen, notices = creation.settle(key, wanted, None if accept else kept, internal=internal)
    octavia = capabilities.octavia(settings, frozen)
    common = capabilities.fit(reader, _common(reader, spec, settings), octavia)
    found = ports.read(reader, spec, common, live=context.live)
    made = model.LoadBalancer(
        service=key,
        name=_name(key, settings),
        description=f"Kubernetes Service {key} of cluster {settings.cluster}",
        tags=tags(key, settings),
        frozen=frozen,
        internal=internal,
        member_subnet_id=frozen.member_subnet_id,
        node_group=DEFAULT_GROUP,
        ports=found,
        protect=reader.get(table.TFGEN + "protect", default=False),
        address_may_change=accept or changing,
    )
    return made, (*notices, _still_open(key)) if changing and not accept else notices


def _changing(reader: values.Reader, key: model.ServiceKey, context: Context) -> bool:
    """Whether an accepted change of address is still to come.

    It has come where the live Service carries, published, the revision that allowed it: the only
    thing of ours that is ever read back, for a rendering knows no state.
    """
    revision = context.changing.get(key)
    return revision is not None and not (context.live and reader.carries(_APPLIED, revision))


def _still_open(key: model.ServiceKey) -> model.Notice:
    return model.Notice(
        f"Service {key}",
        "its address may change, as was agreed to: once that is applied and published, a rendering "
        "of the live cluster locks it again",
    )


def _name(key: model.ServiceKey, settings: config.Settings) -> str:
    parts = {"cluster": settings.cluster, "namespace": key.namespace, "name": key.name}
    return settings.names.load_balancer.format_map(parts)


def tags(key: model.ServiceKey, settings: config.Settings) -> tuple[str, ...]:
    """Give the tags that say whose object it is; ownership is decided by them alone."""
    return (
        "tfgen",
        f"tfgen_cluster={settings.cluster}",
        f"tfgen_service={key.label}",
        f"tfgen_tree={settings.tree}",
    )


def _common(
    reader: values.Reader, spec: Mapping[str, Any], settings: config.Settings
) -> ports.Common:
    defaults = settings.defaults
    allowed, limited_by = _allowed(reader, spec)
    return ports.Common(
        lb_method=reader.get(_OCCM + "lb-method", defaults.lb_method),
        persistence=_persistence(reader, spec),
        connection_limit=reader.get(_OCCM + "connection-limit", defaults.connection_limit),
        timeouts=_timeouts(reader, defaults.timeouts),
        monitor=_monitor(reader, defaults.monitor),
        allowed_cidrs=allowed,
        limited_by=limited_by,
    )


def _persistence(reader: values.Reader, spec: Mapping[str, Any]) -> str | None:
    affinity = shape.get(spec, "sessionAffinity", str, path="spec.") or "None"
    if affinity not in {"None", "ClientIP"}:
        reader.wrong("spec.sessionAffinity", affinity, "None or ClientIP")
    return "SOURCE_IP" if affinity == "ClientIP" else None


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
            f"annotation {prefix}{said}",
            f"{getattr(monitor, said)} s",
            f"a timeout of {monitor.timeout} s to be less than the delay of {monitor.delay} s",
            f"Lower {prefix}timeout, or raise {prefix}delay.",
        )
    return monitor


def _allowed(reader: values.Reader, spec: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Read who may connect: the field, else an annotation, else everyone; and who says so.

    As in Kubernetes the field wins; annotations are checked even then.
    """
    found = {"spec.loadBalancerSourceRanges": _ranges(reader, spec)} | {
        f"annotation {key}": reader.get(key, default=()) for key in _RANGES
    }
    field = next((field for field, cidrs in found.items() if cidrs), "")
    foreign = [cidr for cidr in found.get(field, ()) if ":" in cidr]
    if foreign:
        reader.wrong(
            field,
            ", ".join(foreign),
            "IPv4 CIDRs, for the address is IPv4",
            "Remove what is IPv6.",
        )
    return found.get(field, capabilities.WORLD), field


def _ranges(reader: values.Reader, spec: Mapping[str, Any]) -> tuple[str, ...]:
    texts = shape.texts(spec, "loadBalancerSourceRanges", path="spec.")
    try:
        return annotations.canonical_cidrs(texts)
    except annotations.Invalid as wrong:
        field = "spec.loadBalancerSourceRanges"
        reader.wrong(field, ", ".join(texts), str(wrong), "Correct it.")
        return capabilities.WORLD
