"""Who may connect to what is not internal, by the operator: closed by default, and bounds."""

import fnmatch
import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tfgen import config, model
from tfgen.translate import values
from tfgen.translate.common import Common

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_RANGES = "spec.loadBalancerSourceRanges"


def fit(
    reader: values.Reader, key: model.ServiceKey, common: Common, exposure: config.Exposure
) -> Common:
    """Give what is opened: by the operator's ranges where a Service says none and closed holds.

    A Service that opens more than its namespace may is a problem.
    """
    closed = exposure.default == "closed" and not common.limited_by
    ranges = tuple(sorted(each for each in set(exposure.ranges) if _is_of(each, common)))
    if closed and not ranges:
        silence = f"and exposure.ranges has none of {_family(common)}" if exposure.ranges else ""
        reader.wrong(
            _RANGES,
            "empty",
            "source ranges: setting exposure.default is closed, "
            f"{silence or 'so silence opens nothing'}",
            f"Say who may connect; {common.world[0]} is everyone.",
        )
        return common
    if closed:
        common = replace(common, allowed_cidrs=ranges, limited_by="setting exposure.ranges")
    _bound(reader, key, common, exposure)
    return common


def _family(common: Common) -> model.Family:
    return model.Family.of(common.world[0])


def _is_of(cidr: str, common: Common) -> bool:
    return model.Family.of(cidr) is _family(common)


def _bound(
    reader: values.Reader, key: model.ServiceKey, common: Common, exposure: config.Exposure
) -> None:
    if not exposure.allow:
        return
    bounds = tuple(_bounds(key.namespace, exposure))
    beyond = [cidr for cidr in common.allowed_cidrs if not _within(cidr, bounds)]
    if beyond:
        reader.wrong(
            common.limited_by or _RANGES,
            ", ".join(beyond) if common.limited_by else "empty: everyone",
            f"within {', '.join(bounds) or 'nothing'}, which is all that namespace "
            f"{key.namespace} may open (setting exposure.allow)",
            "Narrow it, or ask the operator.",
        )


def _bounds(namespace: str, exposure: config.Exposure) -> Iterator[str]:
    for opening in exposure.allow:
        if any(fnmatch.fnmatchcase(namespace, pattern) for pattern in opening.namespaces):
            yield from opening.cidrs


@lru_cache(maxsize=65_536)
def _within(cidr: str, bounds: tuple[str, ...]) -> bool:
    inner = ipaddress.ip_network(cidr)
    return any(_contains(ipaddress.ip_network(bound), inner) for bound in bounds)


def _contains(outer: _Network, inner: _Network) -> bool:
    if isinstance(outer, ipaddress.IPv4Network):
        return isinstance(inner, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, ipaddress.IPv6Network) and inner.subnet_of(outer)
