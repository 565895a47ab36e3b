"""What the cloud's Octavia and a load balancer's provider cannot do: a problem, or not sent at all.

By Octavia's feature matrix and the code of ovn-octavia-provider, which refuses `allowed_cidrs` and
a member's monitor port, and takes timeouts and limits without doing anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tfgen import annotations, config, model
from tfgen.annotations import table
from tfgen.translate import protocol, traffic, values
from tfgen.translate.common import Common

OVN = "ovn"
_METHOD, _LIMIT = table.OCCM + "lb-method", table.OCCM + "connection-limit"
_MADE_WITH = (table.OCCM + "flavor-id", table.OCCM + "availability-zone")
_TIMEOUTS = {
    table.OCCM + "timeout-client-data": "client_data",
    table.OCCM + "timeout-member-connect": "member_connect",
    table.OCCM + "timeout-member-data": "member_data",
    table.OCCM + "timeout-tcp-inspect": "tcp_inspect",
}
_HAPROXY = ("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP")
_METHODS: Mapping[str, tuple[str, ...]] = {
    "amphora": _HAPROXY,
    "amphorav2": _HAPROXY,
    "octavia": _HAPROXY,
    OVN: ("SOURCE_IP_PORT",),
}
"""Of providers that are known; another is left to judge for itself."""
_SOURCE_IP_PORT_SINCE = "2.13"
_PROXYV2_SINCE, _SCTP_SINCE = "2.22", "2.23"


@dataclass(frozen=True, slots=True)
class Octavia:
    """The cloud's newest API, and the provider of one load balancer."""

    provider: str
    api_version: str


def octavia(settings: config.Settings, frozen: model.Frozen) -> Octavia:
    """Give what stands behind one load balancer: its provider stays when the settings' changes."""
    return Octavia(frozen.provider or settings.octavia.provider, settings.octavia.api_version)


def methods(provider: str) -> tuple[str, ...]:
    """Give the algorithms of a provider, the usual one first; none where it is not known."""
    return _METHODS.get(provider, ())


def fit(reader: values.Reader, common: Common, octavia: Octavia, profile: config.Profile) -> Common:
    """Give what is sent: without what Octavia lacks, and with a problem where that is asked for."""
    _check_method(reader, common.lb_method, octavia, profile)
    _check_proxy(reader, common.traffic.proxy, octavia, profile)
    lacking = _lacking(octavia)
    if not lacking:
        return common
    for key, field, value, neutral in _asked(reader, common, profile):
        if key in lacking and value != neutral:
            expected = f"nothing, for {lacking[key]} does not do it"
            reader.wrong(field, _shown(value), expected, "Remove it.")
    return replace(
        common,
        connection_limit=None if _LIMIT in lacking else common.connection_limit,
        timeouts=None if lacking.keys() & _TIMEOUTS.keys() else common.timeouts,
        allowed_cidrs=() if table.SOURCE_RANGES in lacking else common.allowed_cidrs,
        monitor_port=octavia.provider != OVN,
        traffic=traffic.without(common.traffic, lacking),
    )


def check_creation(
    reader: values.Reader, frozen: model.Frozen, octavia: Octavia, profile: config.Profile
) -> None:
    """Note what a load balancer cannot be made with."""
    lacking, chosen = _lacking(octavia), (frozen.flavor_id, frozen.availability_zone)
    for key, value in zip(_MADE_WITH, chosen, strict=True):
        if value and key in lacking:
            expected = f"nothing, for {lacking[key]} does not do it"
            reader.wrong(reader.said(key, profile), value, expected, "Remove it.")


@lru_cache
def _lacking(octavia: Octavia) -> Mapping[str, str]:
    """Say for each annotation that cannot be carried out who does not."""
    found = {}
    for row in annotations.TABLE.values():
        if octavia.provider in row.lacking:
            found[row.key] = f"Octavia provider {octavia.provider}"
        elif row.since and older(octavia.api_version, row.since):
            found[row.key] = f"Octavia API {octavia.api_version} (it came with {row.since})"
    return found


def lacks(octavia: Octavia, key: str) -> str:
    """Say who does not carry an annotation out; nothing where it can be."""
    return _lacking(octavia).get(key, "")


def older(version: str, other: str) -> bool:
    """Whether an API version came before another one."""
    return [int(part) for part in version.split(".")] < [int(part) for part in other.split(".")]


def _asked(
    reader: values.Reader, common: Common, profile: config.Profile
) -> Iterator[tuple[str, str, object, object]]:
    """Give what is asked for: the annotation, who says it, the value, and what asks for nothing."""
    yield _LIMIT, reader.said(_LIMIT, profile), common.connection_limit, -1
    yield table.SOURCE_RANGES, common.limited_by, common.allowed_cidrs, common.world
    for key, name in _TIMEOUTS.items():
        value, neutral = getattr(common.timeouts, name), getattr(model.Timeouts(), name)
        yield key, reader.said(key, profile), value, neutral

    for key, value, neutral in traffic.asked(reader, common.traffic, profile):
        yield key, reader.said(key, profile), value, neutral


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def check_protocol(reader: values.Reader, entry: protocol.Entry, octavia: Octavia) -> None:
    """Note a port of SCTP where Octavia does not have that yet."""
    if entry.protocol is model.Protocol.SCTP and older(octavia.api_version, _SCTP_SINCE):
        reader.wrong(
            f"port {entry.key}",
            "SCTP",
            f"a protocol of Octavia API {octavia.api_version} (SCTP came with {_SCTP_SINCE})",
            "Remove the port.",
        )


def _check_proxy(
    reader: values.Reader, proxy: str, octavia: Octavia, profile: config.Profile
) -> None:
    if proxy == "PROXYV2" and older(octavia.api_version, _PROXYV2_SINCE):
        expected = f"a version that Octavia API {octavia.api_version} speaks"
        remedy = f"Version 2 came with {_PROXYV2_SINCE}: take v1."
        reader.wrong(reader.said(table.PROXY, profile), "v2", expected, remedy)


def _check_method(
    reader: values.Reader, method: str, octavia: Octavia, profile: config.Profile
) -> None:
    field, known = reader.said(_METHOD, profile), methods(octavia.provider) or (method,)
    if method not in known:
        expected = f"an algorithm of Octavia provider {octavia.provider}"
        reader.wrong(field, method, expected, f"Choose {_listed(known)}.")
    elif method == "SOURCE_IP_PORT" and older(octavia.api_version, _SOURCE_IP_PORT_SINCE):
        expected = f"an algorithm of Octavia API {octavia.api_version}"
        since = f"It came with {_SOURCE_IP_PORT_SINCE}: choose {_listed(_HAPROXY)}."
        reader.wrong(field, method, expected, since)


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
