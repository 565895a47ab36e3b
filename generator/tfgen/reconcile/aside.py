"""What belongs to no Service by itself: a stop, locks, and what is left over in the cloud."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfgen import config, manifest, model, workspace
from tfgen.reconcile import states
from tfgen.terraform import local

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


def stopped(loaded: config.Loaded) -> Iterator[str]:
    """Say that nothing is applied at all, and why."""
    if why := config.stopped(loaded):
        yield f"nothing is applied: {why}"


def locks(loaded: config.Loaded, stacks: tuple[str, ...]) -> Iterator[str]:
    """Say who is at the tree and its stacks, and since when; files are looked at, no engine.

    The state of a backend elsewhere is not looked at: that takes an engine.
    """
    tree, reader = workspace.Tree(loaded.out), states.States(loaded, {})
    if holder := workspace.holder(tree.root):
        yield f"the tree is held by {holder}: {_way_out(holder)}"
    for name in stacks:
        if holder := workspace.holder(tree.stack(name)):
            yield f"stack {name} is held by {holder}: {_way_out(holder)}"
        elif reader.is_local and (who := local.holder(reader.local_file(name))):
            yield f"the state of stack {name} is locked by {who}: the lock goes with its process"


def _way_out(holder: workspace.Holder) -> str:
    if holder.dead:
        return "that tfgen is dead, and an engine that it had started is still at work"
    where = "" if holder.here else f" on {holder.host}"
    return f"wait for it, or end it: kill {holder.pid}{where}"


def orphans(
    known: manifest.Manifest | None,
    balancers: "tuple[cloud.LoadBalancer, ...]",
    floating_ips: "tuple[cloud.FloatingIp, ...]",
) -> Iterator[str]:
    """Say what carries our tags and belongs to nobody: that of a Service or group has a row."""
    for each in balancers:
        if not each.owner:
            yield f"load balancer {each.id} has the tags of this tree, and of no Service or group"
    for floating in floating_ips:
        if not floating.port_id and not (known and floating.address in known.bound):
            yield _loose(known, floating)


def _loose(known: manifest.Manifest | None, floating: "cloud.FloatingIp") -> str:
    owner = floating.service or floating.group
    whose = f"{'group' if isinstance(owner, model.GroupKey) else 'Service'} {owner}"
    there = known and (owner in known.services or owner in known.groups)
    text = (
        f"floating IP {floating.address} of {whose if owner else 'this tree'} is bound to nothing"
    )
    if there:
        return f"{text}: tfgen plan shows whether it is taken again"
    return f"{text}, and costs: openstack floating ip delete {floating.id} frees it for good"
