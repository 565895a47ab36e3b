"""Nodes to node groups, by the rules of the service controller that OCCM runs in.

A node counts unless it is being deleted, excluded by label, or about to be removed by the cluster
autoscaler; readiness is left to health monitors, so that a flap never becomes a change.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import model
from tfgen.translate import selector, shape

DEFAULT_GROUP = "default"
EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers"
AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler"
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's strconv.ParseBool takes for false; any other value of the label excludes."""
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a node stands behind no pool."""

    why: str
    meant: bool = True
    """By the rules or by the settings; anything else is a notice."""


def judge(
    nodes: Iterable[Mapping[str, Any]], node_selector: str
) -> tuple[tuple[str, model.Member | LeftOut], ...]:
    """Say of each node, by name and sorted, which member it is, or why it is none.

    Raises SettingsError where the selector is none.
    """
    terms = selector.parse(node_selector, "members.node_selector")
    judged = sorted(((_name(node), _judged(node, terms)) for node in nodes), key=_order)
    first: dict[str, model.Member] = {}
    return tuple((name, _once(first, found)) for name, found in judged)


def _order(judged: tuple[str, model.Member | LeftOut]) -> tuple[str, str]:
    name, found = judged
    return name, found.address if isinstance(found, model.Member) else ""


def group(
    nodes: Iterable[Mapping[str, Any]], node_selector: str
) -> tuple[model.NodeGroup, tuple[model.Notice, ...]]:
    """Give the group of all nodes that count, and who was left out and why.

    Raises SettingsError where the selector is none.
    """
    judged = judge(nodes, node_selector)
    members = tuple(found for _, found in judged if isinstance(found, model.Member))
    notices = (
        model.Notice(f"Node {name}", f"left out: {found.why}")
        for name, found in judged
        if isinstance(found, LeftOut) and not found.meant
    )
    return model.NodeGroup(DEFAULT_GROUP, members), tuple(sorted(notices))


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


def _judged(node: Mapping[str, Any], terms: tuple[selector.Term, ...]) -> model.Member | LeftOut:
    try:
        return _member(node, terms)
    except shape.Malformed as wrong:
        return LeftOut(f"{wrong.field} is {wrong.found}, not {wrong.expected}", meant=False)


def _member(node: Mapping[str, Any], terms: tuple[selector.Term, ...]) -> model.Member | LeftOut:
    metadata = shape.section(node, "metadata")
    labels = shape.section(metadata, "labels", path="metadata.")
    if why := _excluded(node, metadata, labels):
        return LeftOut(why)
    if not selector.matches(terms, labels):
        return LeftOut("members.node_selector does not match its labels")
    name = shape.get(metadata, "name", str, path="metadata.") or ""
    if not _NAME.fullmatch(name):
        raise shape.Malformed("metadata.name", name, "a DNS name")
    address = _address(shape.section(node, "status"))
    if address:
        return model.Member(name, address)
    return LeftOut("it has no InternalIP or ExternalIP (IPv4)", meant=False)


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


def _address(status: Mapping[str, Any]) -> str:
    """Give the first InternalIP of the family, else the first ExternalIP (OCCM's order)."""
    addresses = shape.get(status, "addresses", list, path="status.") or []
    for kind in ("InternalIP", "ExternalIP"):
        for entry in addresses:
            if (
                isinstance(entry, dict)
                and entry.get("type") == kind
                and _ipv4(entry.get("address"))
            ):
                return str(entry["address"])
    return ""


def _ipv4(address: object) -> bool:
    try:
        return isinstance(address, str) and bool(ipaddress.IPv4Address(address))
    except ValueError:
        return False
