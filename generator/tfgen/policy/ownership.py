"""Guard *ownership*: what does not carry the tags of this cluster and tree is left alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from tfgen.policy import plan, reading, verdict
from tfgen.policy.rules import Rules, about

_UNTAGGED = {
    plan.Kind.MEMBERS,
    plan.Kind.MONITOR,
    plan.Kind.ASSOCIATION,
    plan.Kind.REDIRECT,
    plan.Kind.RULE,
    plan.Kind.OPENING,
    plan.Kind.BINDING,
    plan.Kind.REVISION,
}
"""Octavia tags redirects, too, but the provider does not tell."""
_TAGGED = frozenset(plan.Kind) - _UNTAGGED
_PARENTS = {
    plan.Kind.MEMBERS: ("pool_id", plan.Kind.POOL),
    plan.Kind.MONITOR: ("pool_id", plan.Kind.POOL),
    plan.Kind.REDIRECT: ("listener_id", plan.Kind.LISTENER),
    plan.Kind.OPENING: ("security_group_id", plan.Kind.SECURITY_GROUP),
}
"""What says whose something without tags is: the object that it hangs on."""
_CLUSTER, _TREE = "tfgen_cluster=", "tfgen_tree="


def foreign(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to change, destroy or import an object that is not ours by its tags.

    An object without any owner's tag that hangs on a load balancer of ours is ours: an apply
    that was killed leaves such (a floating IP gets its tags in a second call).
    """
    wanted = {_CLUSTER + rules.tree.cluster, _TREE + rules.tree.tree}
    anchors = _anchors(judged, wanted)
    for resource in judged.resources:
        values = _telling(judged, resource) if _touched(resource) else None
        owners = _owners(values or {})
        if values is None or owners == wanted or (not owners and _hangs_on(values, anchors)):
            continue
        yield _refusal(resource, sorted(owners), sorted(wanted))


def _telling(judged: plan.Plan, resource: plan.Resource) -> Mapping[str, Any] | None:
    """Give the values that say whose it is: its own, or its parent's; None where none do."""
    if resource.kind in _TAGGED:
        return resource.before
    name, parent = _PARENTS.get(resource.kind or plan.Kind.REVISION, ("", None))
    identity = resource.before.get(name)
    found = (values for kind, values in judged.prior if kind == parent)
    return next((values for values in found if identity and values.get("id") == identity), None)


def _touched(resource: plan.Resource) -> bool:
    return resource.importing or bool(resource.actions & {"update", "delete"})


def _owners(values: Mapping[str, Any]) -> set[str]:
    """Give the tags that name an owner; after an import Neutron's stand in `all_tags` only."""
    tags = reading.sequence(values.get("tags")) + reading.sequence(values.get("all_tags"))
    return {tag for tag in map(str, tags) if tag.startswith((_CLUSTER, _TREE))}


def _anchors(judged: plan.Plan, wanted: set[str]) -> frozenset[str]:
    """Give the ids of our load balancers, of their VIP ports and of their listeners."""
    balancers = [
        values
        for kind, values in judged.prior
        if kind == plan.Kind.LOAD_BALANCER and _owners(values) == wanted
    ]
    ids = {str(one.get(key)) for one in balancers for key in ("id", "vip_port_id") if one.get(key)}
    listeners = {
        str(values.get("id"))
        for kind, values in judged.prior
        if kind == plan.Kind.LISTENER and str(values.get("loadbalancer_id")) in ids
    }
    return frozenset(ids | listeners)


def _hangs_on(values: Mapping[str, Any], anchors: frozenset[str]) -> bool:
    return any(
        str(values.get(key)) in anchors for key in ("loadbalancer_id", "listener_id", "port_id")
    )


def _refusal(resource: plan.Resource, owners: list[str], wanted: list[str]) -> verdict.Refusal:
    found = ", ".join(owners) or "no owner"
    return verdict.Refusal(
        guard=verdict.Guard.OWNERSHIP,
        about=about(resource),
        address=resource.address,
        what=f"its tags name {found}; expected {', '.join(wanted)}",
        remedy="Another tree manages it: give each tree its own `cluster`. No flag opens this."
        if owners
        else "If it is ours, give the object these tags again; `tfgen` and `tfgen_service=...` "
        "are written by the next apply. No flag opens this.",
        service=resource.service,
    )
