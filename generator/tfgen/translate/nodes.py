"""Nodes to node groups, by the rules of the service controller that OCCM runs in.

A node counts unless it is being deleted, excluded by label, or about to be removed by the cluster
autoscaler; readiness is left to health monitors, so that a flap never becomes a change.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from tfgen import model
from tfgen.translate import selector, shape

DEFAULT_GROUP = "default"
EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers"
AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler"
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's strconv.ParseBool takes for false; any other value of the label excludes."""


def group(
    nodes: Iterable[Mapping[str, Any]], node_selector: str
) -> tuple[model.NodeGroup, tuple[model.Notice, ...]]:
    """Give the group of all nodes that count, and who was left out for want of an address."""
    terms = selector.parse(node_selector)
    members, notices = [], []
    for node in nodes:
        try:
            found = _member(node, terms)
        except shape.Malformed as wrong:
            found = model.Notice(
                f"Node {_name(node)}",
                f"left out: {wrong.field} is {wrong.found}, expected {wrong.expected}",
            )
        if isinstance(found, model.Member):
            members.append(found)
        elif found:
            notices.append(found)
    return model.NodeGroup(DEFAULT_GROUP, tuple(sorted(members))), tuple(sorted(notices))


def _name(node: Mapping[str, Any]) -> str:
    metadata = node.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else "?"


def _member(
    node: Mapping[str, Any], terms: tuple[selector.Term, ...]
) -> model.Member | model.Notice | None:
    metadata = shape.section(node, "metadata")
    labels = shape.section(metadata, "labels", path="metadata.")
    if not _counts(node, metadata, labels) or not selector.matches(terms, labels):
        return None
    address = _address(shape.section(node, "status"))
    if address:
        return model.Member(_name(node), address)
    return model.Notice(
        f"Node {_name(node)}", "left out: it has no InternalIP or ExternalIP (IPv4)"
    )


def _counts(
    node: Mapping[str, Any], metadata: Mapping[str, Any], labels: Mapping[str, Any]
) -> bool:
    if metadata.get("deletionTimestamp"):
        return False
    if EXCLUDE_LABEL in labels and labels[EXCLUDE_LABEL] not in _FALSE:
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
