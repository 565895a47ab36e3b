"""Guard *shrink*: no pool that stays loses its members, and no node group is empty."""

from collections.abc import Iterator, Mapping

from tfgen.policy import limits, plan, reading, verdict
from tfgen.policy.rules import Rules, about, listing


def pools(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a pool that loses all its members, or more than `guards.max_removals.percent`.

    Members are nodes here: a new node port keeps them. Whether the manifest has the Service does
    not count: a merge may have taken it out while its load balancer serves. Members beyond
    `members.max_per_pool` are no loss where the setting was lowered.
    """
    for resource in judged.resources:
        if resource.kind is not plan.Kind.MEMBERS or _goes_rightly(resource, judged, rules):
            continue
        before, after = _nodes(resource.before), _nodes(resource.after)
        lost = {address: name for address, name in before.items() if address not in after}
        kept = len(before) - len(lost)
        asked = limits.asked_for(len(before), kept, rules.entry(resource), rules.settings)
        if limits.loses_too_many(asked, kept, rules.settings):
            yield _loss(resource, sorted(lost.values()), len(before))


def groups(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a plan made with an empty node group; one that is awaited is null."""
    for name, nodes in sorted(judged.node_groups.items()):
        if nodes is not None and not nodes:
            yield verdict.Refusal(
                guard=verdict.Guard.SHRINK,
                about="The plan",
                address=f"var.node_groups[{name!r}]",
                what="the node group is empty: its pools would have no members",
                remedy="Restore the stack's facts.auto.tfvars.json, or run `tfgen sync`.",
            )


def _goes_rightly(resource: plan.Resource, judged: plan.Plan, rules: Rules) -> bool:
    """Whether a pool goes with its port or its load balancer, or guard *delete* has said so."""
    if not resource.removes:
        return False
    entry, balancers = rules.entry(resource), _balancers(resource, judged)
    if entry is None:
        return all(each.removes for each in balancers)
    return resource.port not in entry.ports or any(each.removes for each in balancers)


def _balancers(resource: plan.Resource, judged: plan.Plan) -> list[plan.Resource]:
    alike = (each for each in judged.resources if each.kind is plan.Kind.LOAD_BALANCER)
    return [each for each in alike if each.owner == resource.owner]


def _nodes(values: Mapping[str, object]) -> dict[str, str]:
    """Give the names of the members by address."""
    members = map(reading.mapping, reading.sequence(values.get("member")))
    return {str(one.get("address")): str(one.get("name") or one.get("address")) for one in members}


def _pool(resource: plan.Resource) -> str:
    whose = " of the second IP family" if resource.is_second else ""
    return f"pool {resource.port}{whose}" if resource.service else "its pool"


def _loss(resource: plan.Resource, lost: list[str], before: int) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.SHRINK,
        about=about(resource),
        address=resource.address,
        what=f"{_pool(resource)} loses {len(lost)} of {before} members ({listing(lost)})",
        remedy="Check that these nodes are gone for good.",
        service=resource.service,
        needs=verdict.Allowed(removals=len(lost)),
    )
