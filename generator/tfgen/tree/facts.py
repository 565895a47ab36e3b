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

    before: Mapping[str, facts.Facts]
    """By stack; empty where it awaits them."""
    groups: Mapping[str, Mapping[str, Any]]
    """Node groups as the listing has them, in the form of the facts file."""
    counting: Mapping[str, frozenset[str]]
    """Of the groups that `members.max_per_pool` bounds: names of the nodes that count."""
    existing: frozenset[str]
    """Names of all Node objects, whether they count or not."""
    load_balancers: Mapping[model.ServiceKey, model.LoadBalancer]
    limits: removals.Limits
    strays: Mapping[str, frozenset[str]]
    """By stack: labels of the files that stay and that the manifest does not list."""


def source(
    before: Mapping[str, facts.Facts],
    listing: model.Listing,
    translation: model.Translation,
    limits: removals.Limits,
    strays: Mapping[str, frozenset[str]],
) -> Source:
    """Prepare what all stacks share."""
    return Source(
        before=before,
        groups={group.name: facts.members(group) for group in translation.node_groups},
        counting={group.name: group.counting for group in translation.node_groups},
        existing=frozenset(map(_name, listing.nodes)),
        load_balancers={lb.service: lb for lb in translation.load_balancers},
        limits=limits,
        strays=strays,
    )


def _name(node: Mapping[str, Any]) -> str:
    metadata = node.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, dict) else ""


def check(made_from: Source, stacks: Stacks) -> frozenset[model.Notice]:
    """Raise Refused where too many nodes vanish; give notices of what a person allowed."""
    return frozenset(
        notice
        for stack, entries in stacks.items()
        for name in _names(made_from, entries, stack) & made_from.groups.keys()
        for notice in removals.check_nodes(
            made_from.before[stack].nodes(name),
            made_from.counting[name] or made_from.groups[name],
            made_from.existing,
            made_from.limits,
        )
    )


def of_stacks(made_from: Source, stacks: Stacks) -> dict[str, facts.Facts]:
    """Give the facts of each stack. Raises TreeError where nobody knows a group."""
    return {stack: _of_stack(made_from, entries, stack) for stack, entries in stacks.items()}


def placeholders(made_from: Source, stacks: Stacks) -> dict[str, facts.Facts]:
    """Give the facts that must name further ports or groups, not known yet.

    All else in them stands as it stood; a file that names what is not there would fail its stack.
    """
    found = {}
    for stack, entries in stacks.items():
        before = made_from.before[stack]
        new = {entry.service.label: _unnamed(before, entry) for entry in entries}
        groups = dict.fromkeys(_names(made_from, entries, stack))
        unnamed = groups.keys() - before.node_groups.keys()
        if before != facts.Facts() and (unnamed or any(new.values())):
            ports = {label: {**before.node_ports.get(label, {}), **new[label]} for label in new}
            found[stack] = facts.Facts(
                {**groups, **before.node_groups}, {**before.node_ports, **ports}
            )
    return found


def _unnamed(before: facts.Facts, entry: manifest.Entry) -> dict[str, None]:
    named = before.node_ports.get(entry.service.label, {})
    return {port: None for port in entry.node_port_keys if port not in named}


def awaiting(
    known: Mapping[str, facts.Facts], snapshot: Snapshot, stacks: Stacks
) -> tuple[model.ServiceKey, ...]:
    """Give the Services with a node port, or with nodes, that nobody knows yet."""
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
        groups = known.node_groups if known else {}
        unknown = not all(groups.get(name) for name in entry.node_groups)
        if unknown or any(found.get(port) is None for port in entry.node_port_keys):
            yield entry


def _of_stack(made_from: Source, entries: Iterable[manifest.Entry], stack: str) -> facts.Facts:
    before, strays = made_from.before[stack], made_from.strays.get(stack, frozenset())
    names = _names(made_from, entries, stack)
    ports = {label: before.node_ports[label] for label in strays & before.node_ports.keys()}
    for entry in entries:
        ports[entry.service.label] = _node_ports(made_from, before, entry)
    return facts.Facts({name: _group(made_from, before, name) for name in names}, ports)


def _names(made_from: Source, entries: Iterable[manifest.Entry], stack: str) -> frozenset[str]:
    """Give the groups that files name; of a stray nobody knows which, so all of its stack stay."""
    kept = made_from.before[stack].node_groups if stack in made_from.strays else ()
    return frozenset(name for entry in entries for name in entry.node_groups).union(kept)


def _group(made_from: Source, before: facts.Facts, name: str) -> Mapping[str, Any] | None:
    """Give a group that a file names: as the cluster has it, else as it was; never dropped."""
    found = made_from.groups.get(name) or before.node_groups.get(name)
    awaited = name in before.node_groups and before.node_groups[name] is None
    if not (found or awaited):
        raise errors.TreeError(
            f"node group {name!r} is named by a file, and neither the input nor the tree has it",
            remedy=f"Restore {facts.FILE} from Git.",
        )
    return found


def _node_ports(
    made_from: Source, before: facts.Facts, entry: manifest.Entry
) -> Mapping[str, int | None]:
    """Give the node ports of the ports that the file has; those of a held Service stay."""
    old = before.node_ports.get(entry.service.label, {})
    load_balancer = made_from.load_balancers.get(entry.service)
    new = facts.node_ports(load_balancer, old) if load_balancer else {}
    return {key: new.get(key, old.get(key)) for key in entry.node_port_keys}
