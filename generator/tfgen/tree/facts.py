"""The facts of each stack: nodes and node ports, which follow the cluster for held Services too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import config, errors, manifest, model, render
from tfgen.render import facts
from tfgen.tree import removals
from tfgen.tree.snapshot import Lane, Options, Snapshot, facts_path


@dataclass(frozen=True, slots=True)
class Source:
    """What the facts of all stacks are made from."""

    snapshot: Snapshot
    groups: Mapping[str, Mapping[str, Any]]
    """Node groups as the listing has them, in the form of the facts file."""
    existing: frozenset[str]
    """Names of all Node objects, whether they count or not."""
    load_balancers: Mapping[model.ServiceKey, model.LoadBalancer]


def source(snapshot: Snapshot, listing: model.Listing, translation: model.Translation) -> Source:
    """Prepare what all stacks share."""
    return Source(
        snapshot,
        {group.name: facts.members(group) for group in translation.node_groups},
        frozenset(map(_name, listing.nodes)),
        {lb.service: lb for lb in translation.load_balancers},
    )


def _name(node: Mapping[str, Any]) -> str:
    metadata = node.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, dict) else ""


def documents(
    made_from: Source, after: manifest.Manifest, settings: config.Settings, options: Options
) -> dict[str, str]:
    """Give the facts file of each stack, by path. Raises Refused where too many nodes vanish."""
    if options.lane is Lane.INTENT:
        return {}
    entries = after.services.values()
    if entries and not made_from.groups:
        raise removals.empty_nodes()
    return {
        facts_path(stack): render.dump_facts(
            _of_stack(made_from, after.of_stack(stack), stack, settings)
        )
        for stack in after.stacks
        if not options.stacks or stack in options.stacks
    }


def _of_stack(
    made_from: Source, entries: Iterable[manifest.Entry], stack: str, settings: config.Settings
) -> facts.Facts:
    before = made_from.snapshot.facts(stack) or facts.Facts()
    groups, ports = {}, {}
    for entry in entries:
        if entry.node_group not in groups:
            groups[entry.node_group] = _group(made_from, before, entry.node_group, settings)
        ports[entry.service.label] = _node_ports(made_from, before, entry)
    return facts.Facts(groups, ports)


def _group(
    made_from: Source, before: facts.Facts, name: str, settings: config.Settings
) -> Mapping[str, Any]:
    """Give a group that a file names: as the cluster has it, else as it was; never dropped."""
    old = before.node_groups.get(name, {})
    new = made_from.groups.get(name)
    if new is None:
        if not old:
            raise errors.TreeError(
                f"node group {name!r} is named by a file, and neither the input nor the tree "
                "has it",
                remedy="Restore facts.auto.tfvars.json from Git.",
            )
        return old
    removals.check_nodes(old, new, made_from.existing, settings.guards.max_removals)
    return new


def _node_ports(
    made_from: Source, before: facts.Facts, entry: manifest.Entry
) -> Mapping[str, int | None]:
    """Give the node ports of the ports that the file has; those of a held Service stay."""
    old = before.node_ports.get(entry.service.label, {})
    load_balancer = made_from.load_balancers.get(entry.service)
    new = facts.node_ports(load_balancer, old) if load_balancer else {}
    return {key: new.get(key, old.get(key)) for key in entry.ports}
