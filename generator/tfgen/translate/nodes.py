"""Nodes to node groups, by the rules of the service controller that OCCM runs in.

A node counts unless it is being deleted, excluded by label, or about to be removed by the cluster
autoscaler; readiness is left to health monitors, so that a flap never becomes a change.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tfgen import model
from tfgen.annotations import parsers, table
from tfgen.translate import selector, shape

T = TypeVar("T")

DEFAULT_GROUP = "default"
SETTING = "members.node_selector"
EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers"
AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler"
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's strconv.ParseBool takes for false; any other value of the label excludes."""
_KINDS: Mapping[model.Family, type[ipaddress.IPv4Address | ipaddress.IPv6Address]] = {
    model.Family.IPV4: ipaddress.IPv4Address,
    model.Family.IPV6: ipaddress.IPv6Address,
}
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a node stands behind no pool."""

    why: str
    meant: bool = True
    """By the rules or by the settings; anything else is a notice."""


Judged = tuple[tuple[str, model.Member | LeftOut], ...]


def judge(
    nodes: Iterable[Mapping[str, Any]],
    node_selector: str,
    family: model.Family = model.Family.IPV4,
    said: str = SETTING,
) -> Judged:
    """Say of each node, by name and sorted, which member it is, or why it is none.

    `said` names who gives the selector. Raises SettingsError where it is none.
    """
    terms = selector.parse(node_selector, SETTING)
    wanted = _Wanted(terms, family, said)
    judged = sorted(((_name(node), _judged(node, wanted)) for node in nodes), key=_order)
    first: dict[str, model.Member] = {}
    return tuple((name, _once(first, found)) for name, found in judged)


def _order(judged: tuple[str, model.Member | LeftOut]) -> tuple[str, str]:
    name, found = judged
    return name, found.address if isinstance(found, model.Member) else ""


def group(
    nodes: Iterable[Mapping[str, Any]],
    node_selector: str,
    family: model.Family = model.Family.IPV4,
) -> tuple[model.NodeGroup, tuple[model.Notice, ...]]:
    """Give the group `default` (`default-ipv6`) of all nodes that count, and who is left out.

    Raises SettingsError where the selector is none.
    """
    return made(group_name(DEFAULT_GROUP, family), judge(nodes, node_selector, family))


def group_name(name: str, family: model.Family) -> str:
    """Name the group of one family: `default`, `default-ipv6`."""
    return name if family is model.Family.IPV4 else f"{name}-ipv6"


def made(name: str, judged: Judged) -> tuple[model.NodeGroup, tuple[model.Notice, ...]]:
    """Make a group of the nodes that count; give notices of those that should and cannot."""
    members = tuple(found for _, found in judged if isinstance(found, model.Member))
    notices = (
        model.Notice(f"Node {name}", f"left out: {found.why}")
        for name, found in judged
        if isinstance(found, LeftOut) and not found.meant
    )
    return model.NodeGroup(name, members), tuple(sorted(notices))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a node must have to stand in a group."""

    terms: tuple[selector.Term, ...]
    family: model.Family
    said: str


def _name(node: Mapping[str, Any]) -> str:
    metadata = node.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return shape.clean(name) if isinstance(name, str) else "?"


def _once(first: dict[str, model.Member], found: model.Member | LeftOut) -> model.Member | LeftOut:
    """Keep the first node of an address: Octavia refuses a pool that has one twice."""
    if isinstance(found, LeftOut):
        return found
    kept = first.setdefault(found.address, found)
    if kept is found:
        return found
    return LeftOut(f"{kept.name} has its address {found.address}", meant=False)


def _judged(node: Mapping[str, Any], wanted: _Wanted) -> model.Member | LeftOut:
    try:
        return _member(node, wanted)
    except shape.Malformed as wrong:
        return LeftOut(f"{wrong.field} is {wrong.found}, not {wrong.expected}", meant=False)


def _member(node: Mapping[str, Any], wanted: _Wanted) -> model.Member | LeftOut:
    metadata = shape.section(node, "metadata")
    labels = shape.section(metadata, "labels", path="metadata.")
    if why := _excluded(node, metadata, labels):
        return LeftOut(why)
    if not selector.matches(wanted.terms, labels):
        return LeftOut(f"{wanted.said} does not match its labels")
    name = shape.get(metadata, "name", str, path="metadata.") or ""
    if not _NAME.fullmatch(name):
        raise shape.Malformed("metadata.name", name, "a DNS name")
    address = _address(shape.section(node, "status"), wanted.family)
    if address:
        said = shape.mapping(metadata.get("annotations"))
        weight, drain = _said(said, table.WEIGHT, 1), _said(said, table.DRAIN, default=False)
        return model.Member(name, address, weight, drain)
    return LeftOut(f"it has no InternalIP or ExternalIP ({wanted.family})", meant=False)


def faults(nodes: Iterable[Mapping[str, Any]]) -> Iterator[model.Notice]:
    """Say what is wrong with the annotations of Nodes: each then counts as if it were absent."""
    for node in nodes:
        metadata = shape.mapping(node.get("metadata"))
        for key, text in shape.mapping(metadata.get("annotations")).items():
            if key.startswith(table.TFGEN):
                expected = _fault(key, text)
                shown = f"annotation {shape.clean(key)} is {shape.shown(text)}"
                if expected:
                    yield model.Notice(
                        f"Node {_name(node)}", f"{shown}, not {expected}: it counts as absent"
                    )


def _fault(key: str, text: object) -> str:
    """Say what is expected where an annotation is not that."""
    row = table.TABLE.get(key)
    if row is None or row.kind is not table.Kind.NODE:
        known = " or ".join(k for k, one in table.TABLE.items() if one.kind is table.Kind.NODE)
        return f"an annotation of Nodes ({known})"
    try:
        row.parser(text if isinstance(text, str) else "")
    except parsers.Invalid as wrong:
        return str(wrong)
    return ""


def _said(found: Mapping[str, Any], key: str, default: T) -> T:
    """Read an annotation of a Node; a bad one is told by `faults`."""
    text = found.get(key)
    if not isinstance(text, str) or _fault(key, text):
        return default
    value: T = table.TABLE[key].parser(text)
    return value


def _excluded(
    node: Mapping[str, Any], metadata: Mapping[str, Any], labels: Mapping[str, Any]
) -> str:
    """Say why a node does not count; nothing where it does."""
    if metadata.get("deletionTimestamp"):
        return "it is being deleted"
    excluded = labels.get(EXCLUDE_LABEL, "false")
    if not (isinstance(excluded, str) and excluded in _FALSE):
        return f"it has the label {EXCLUDE_LABEL}"
    taints = shape.get(shape.section(node, "spec"), "taints", list, path="spec.") or []
    leaving = any(isinstance(t, dict) and t.get("key") == AUTOSCALER_TAINT for t in taints)
    return f"the autoscaler is about to remove it (taint {AUTOSCALER_TAINT})" if leaving else ""


def _address(status: Mapping[str, Any], family: model.Family) -> str:
    """Give the first InternalIP of the family, else the first ExternalIP (OCCM's order)."""
    addresses = shape.get(status, "addresses", list, path="status.") or []
    for kind in ("InternalIP", "ExternalIP"):
        for entry in addresses:
            if isinstance(entry, dict) and entry.get("type") == kind:
                address = _of_family(entry.get("address"), family)
                if address:
                    return address
    return ""


def _of_family(address: object, family: model.Family) -> str:
    """Give an address in its canonical form, nothing where it is of the other family."""
    kind = _KINDS[family]
    try:
        return str(kind(address)) if isinstance(address, str) and "%" not in address else ""
    except ValueError:
        return ""
