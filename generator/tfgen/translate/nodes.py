"""Nodes to node groups, by the rules of the service controller that OCCM runs in.

A node counts unless it is being deleted, excluded by label, or about to be removed by the cluster
autoscaler; readiness is left to health monitors, so that a flap never becomes a change.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tfgen import model
from tfgen.translate import selector, shape

DEFAULT_GROUP = "default"
EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers"
AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler"
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's strconv.ParseBool takes for false; any other value of the label excludes."""
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


def group(
    nodes: Iterable[Mapping[str, Any]], node_selector: str
) -> tuple[model.NodeGroup, tuple[model.Notice, ...]]:
    """Give the group of all nodes that count, and who was left out and why.

    Raises SettingsError where the selector is none.
    """
    terms = selector.parse(node_selector, "members.node_selector")
    members, notices = [], []
    for node in nodes:
        try:
            found = _member(node, terms)
        except shape.Malformed as wrong:
            found = _left_out(_name(node), f"{wrong.field} is {wrong.found}, not {wrong.expected}")
        if isinstance(found, model.Member):
            members.append(found)
        elif found:
            notices.append(found)
    kept, twice = _one_an_address(sorted(members))
    return model.NodeGroup(DEFAULT_GROUP, kept), tuple(sorted(notices + twice))


def _name(node: Mapping[str, Any]) -> str:
    metadata = node.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return shape.clean(name) if isinstance(name, str) else "?"


def _left_out(name: str, why: str) -> model.Notice:
    return model.Notice(f"Node {name}", f"left out: {why}")


def _one_an_address(
    members: list[model.Member],
) -> tuple[tuple[model.Member, ...], list[model.Notice]]:
    """Keep the first node of an address: Octavia refuses a pool that has one twice."""
    first: dict[str, model.Member] = {}
    twice = []
    for member in members:
        kept = first.setdefault(member.address, member)
        if kept is not member:
            twice.append(_left_out(member.name, f"{kept.name} has its address {member.address}"))
    return tuple(first.values()), twice


def _member(
    node: Mapping[str, Any], terms: tuple[selector.Term, ...]
) -> model.Member | model.Notice | None:
    metadata = shape.section(node, "metadata")
    labels = shape.section(metadata, "labels", path="metadata.")
    if not _counts(node, metadata, labels) or not selector.matches(terms, labels):
        return None
    name = shape.get(metadata, "name", str, path="metadata.") or ""
    if not _NAME.fullmatch(name):
        raise shape.Malformed("metadata.name", name, "a DNS name")
    address = _address(shape.section(node, "status"))
    if address:
        return model.Member(name, address)
    return _left_out(name, "it has no InternalIP or ExternalIP (IPv4)")


def _counts(
    node: Mapping[str, Any], metadata: Mapping[str, Any], labels: Mapping[str, Any]
) -> bool:
    if metadata.get("deletionTimestamp"):
        return False
    excluded = labels.get(EXCLUDE_LABEL, "false")
    if not (isinstance(excluded, str) and excluded in _FALSE):
        return False
    taints = shape.get(shape.section(node, "spec"), "taints", list, path="spec.") or []
    return not any(isinstance(t, dict) and t.get("key") == AUTOSCALER_TAINT for t in taints)


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
