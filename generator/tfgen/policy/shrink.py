"""Guard *shrink*: no pool of a living Service loses its members, and no node group is empty."""

from collections.abc import Iterator, Mapping

from tfgen import manifest
from tfgen.policy import limits, plan, reading, verdict
from tfgen.policy.rules import Rules, about, listing


def pools(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a pool that loses all its members, or more than `guards.max_removals.percent`.

    Members are nodes here: a new node port keeps them. A port that the manifest lists no more
    may lose its pool; where the load balancer goes as well, guard *delete* has said so.
    """
    balancers = (each for each in judged.resources if each.kind is plan.Kind.LOAD_BALANCER)
    lost_whole = {each.service for each in balancers if each.removes}
    for resource in judged.resources:
        entry = rules.entry(resource)
        if resource.kind is not plan.Kind.MEMBERS or entry is None:
            continue
        if resource.service in lost_whole or _port_goes(resource, entry):
            continue
        before, after = _nodes(resource.before), _nodes(resource.after)
        lost = {address: name for address, name in before.items() if address not in after}
        if limits.loses_too_many(len(before), len(before) - len(lost), rules.settings):
            yield _loss(resource, sorted(lost.values()), len(before))


def groups(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a plan made with an empty node group."""
    for name, nodes in sorted(judged.node_groups.items()):
        if not nodes:
            yield verdict.Refusal(
                guard=verdict.Guard.SHRINK,
                about="The plan",
                address=f"var.node_groups[{name!r}]",
                what="the node group is empty: its pools would have no members",
                remedy="Restore the stack's facts.auto.tfvars.json, or run `tfgen sync`.",
            )


def _port_goes(resource: plan.Resource, entry: manifest.Entry) -> bool:
    return resource.removes and resource.port not in entry.ports


def _nodes(values: Mapping[str, object]) -> dict[str, str]:
    """Give the names of the members by address."""
    members = map(reading.mapping, reading.sequence(values.get("member")))
    return {str(one.get("address")): str(one.get("name") or one.get("address")) for one in members}


def _loss(resource: plan.Resource, lost: list[str], before: int) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.SHRINK,
        about=about(resource),
        address=resource.address,
        what=f"pool {resource.port} loses {len(lost)} of {before} members ({listing(lost)})",
        remedy="Check that these nodes are gone for good.",
        service=resource.service,
        needs=verdict.Allowed(removals=len(lost)),
    )
