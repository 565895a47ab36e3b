"""The facts of each stack: nodes and node ports, which follow the cluster for held Services too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tfgen import errors, manifest, model
from tfgen.render import facts
from tfgen.tree import removals
from tfgen.tree.snapshot import Snapshot

Stacks = Mapping[str, Sequence[manifest.Entry]]
"""The Services of each stack."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the facts of all stacks are made from."""

    snapshot: Snapshot
    groups: Mapping[str, Mapping[str, Any]]
    """Node groups as the listing has them, in the form of the facts file."""
    existing: frozenset[str]
    """Names of all Node objects, whether they count or not."""
    load_balancers: Mapping[model.ServiceKey, model.LoadBalancer]
    limits: removals.Limits


def source(
    snapshot: Snapshot,
    listing: model.Listing,
    translation: model.Translation,
    limits: removals.Limits,
) -> Source:
    """Prepare what all stacks share."""
    return Source(
        snapshot,
        {group.name: facts.members(group) for group in translation.node_groups},
        frozenset(map(_name, listing.nodes)),
        {lb.service: lb for lb in translation.load_balancers},
        limits,
    )


def _name(node: Mapping[str, Any]) -> str:
    metadata = node.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, dict) else ""


def of_stacks(made_from: Source, stacks: Stacks) -> dict[str, facts.Facts]:
    """Give the facts of each stack. Raises Refused where too many nodes vanish, or all."""
    if any(stacks.values()) and not made_from.groups:
        raise removals.empty_nodes()
    return {stack: _of_stack(made_from, entries, stack) for stack, entries in stacks.items()}


def awaiting(
    known: Mapping[str, facts.Facts], snapshot: Snapshot, stacks: Stacks
) -> tuple[model.ServiceKey, ...]:
    """Give the Services with a node port that nobody knows yet."""
    return tuple(
        entry.service
        for stack, entries in stacks.items()
        for entry in _without_ports(known.get(stack) or snapshot.facts(stack), entries)
    )


def _without_ports(
    known: facts.Facts | None, entries: Iterable[manifest.Entry]
) -> Iterable[manifest.Entry]:
    node_ports = known.node_ports if known else {}
    for entry in entries:
        found = node_ports.get(entry.service.label, {})
        if any(found.get(port) is None for port in entry.ports):
            yield entry


def _of_stack(made_from: Source, entries: Iterable[manifest.Entry], stack: str) -> facts.Facts:
    before = made_from.snapshot.facts(stack) or facts.Facts()
    groups, ports = {}, {}
    for entry in entries:
        if entry.node_group not in groups:
            groups[entry.node_group] = _group(made_from, before, entry.node_group)
        ports[entry.service.label] = _node_ports(made_from, before, entry)
    return facts.Facts(groups, ports)


def _group(made_from: Source, before: facts.Facts, name: str) -> Mapping[str, Any]:
    """Give a group that a file names: as the cluster has it, else as it was; never dropped."""
    old = before.node_groups.get(name, {})
    new = made_from.groups.get(name)
    if new is None:
        if not old:
            raise errors.TreeError(
                f"node group {name!r} is named by a file, and neither the input nor the tree "
                "has it",
                remedy=f"Restore {facts.FILE} from Git.",
            )
        return old
    removals.check_nodes(old, new, made_from.existing, made_from.limits)
    return new


def _node_ports(
    made_from: Source, before: facts.Facts, entry: manifest.Entry
) -> Mapping[str, int | None]:
    """Give the node ports of the ports that the file has; those of a held Service stay."""
    old = before.node_ports.get(entry.service.label, {})
    load_balancer = made_from.load_balancers.get(entry.service)
    new = facts.node_ports(load_balancer, old) if load_balancer else {}
    return {key: new.get(key, old.get(key)) for key in entry.ports}
