"""Guards *delete* and *protected*: what must not go or change, and how much may go at once."""

from collections.abc import Iterator

from tfgen import manifest, model
from tfgen.policy import changes, limits, plan, verdict
from tfgen.policy.rules import Rules, about, by_owner, listing

_GUARDED_TYPES = ("openstack_lb_", "openstack_networking_floatingip_", "openstack_networking_port_")
_FLOATING = (plan.Kind.FLOATING_IP, plan.Kind.ASSOCIATION)
_EXTERNAL = (plan.Kind.LOAD_BALANCER, *_FLOATING)


def living(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to destroy, or to forget, what carries the address of a living Service."""
    for resource in judged.resources:
        entry = rules.entry(resource)
        loses = resource.removes or "forget" in resource.actions
        if entry is None or resource.kind not in _EXTERNAL or not loses:
            continue
        if resource.kind in _FLOATING and resource.kind is not _expected(entry):
            yield _let_go(resource, entry)
        else:
            yield _still_there(resource)


def unknown(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to destroy a part of a load balancer at an address that is no Service's."""
    for resource in judged.resources:
        if resource.service is None and resource.destroys and _guarded(resource.type):
            yield verdict.Refusal(
                guard=verdict.Guard.DELETE,
                about=about(resource),
                address=resource.address,
                what="is destroyed, and its address does not say for which Service it stands",
                remedy="tfgen did not write it. If it shall go, apply this one with the engine "
                f"itself: -target='{resource.address}'.",
            )


def protected(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse any destroy under a Service that asked for protection.

    A held one stays as it is until someone decides: its pools follow the nodes, and that is all.
    """
    for group in by_owner(each for each in judged.resources if each.changes and rules.entry(each)):
        entry = rules.entry(group[0])
        going = tuple(each for each in group if each.destroys or "forget" in each.actions)
        if entry and entry.state is manifest.State.HELD:
            change = changes.of(group)
            if not change.facts_only:
                what = f"is held, and the plan {listing(list(change.effects))}"
                why = " ".join([*entry.problems, "It stays as it is until that is mended."])
                yield _shielded(entry, group, what, why)
        elif entry and entry.protect and going:
            what = f"is protected (tfgen.io/protect), and the plan destroys its {_names(going)}"
            yield _shielded(entry, going, what, "Nothing under it may be destroyed or replaced.")


def removed_services(judged: plan.Plan, rules: Rules) -> frozenset[model.ServiceKey]:
    """Give the Services that are not in the manifest and whose address the plan destroys."""
    return frozenset(
        resource.service
        for resource in judged.resources
        if resource.service
        and resource.destroys
        and resource.kind in _EXTERNAL
        and resource.service not in rules.tree.services
    )


def too_many(removed: frozenset[model.ServiceKey], rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse the removal of more Services than `guards.max_removals` lets go at once."""
    total = len(removed) + len(rules.tree.services)
    most = limits.services(total, rules.settings)
    if len(removed) > most:
        names = listing([str(key) for key in sorted(removed)])
        yield verdict.Refusal(
            guard=verdict.Guard.DELETE,
            about="The plan",
            address="",
            what=f"removes {len(removed)} of {total} Services, at most {most} may go at once "
            f"(guards.max_removals): {names}",
            remedy="Check that they are meant to go: their addresses will not come back.",
            needs=verdict.Allowed(removals=len(removed)),
        )


def _still_there(resource: plan.Resource) -> verdict.Refusal:
    verb = "is destroyed" if resource.destroys else "is forgotten by the state"
    return verdict.Refusal(
        guard=verdict.Guard.DELETE,
        about=about(resource),
        address=resource.address,
        what=f"the {resource.words} {verb}, but the Service still stands in tfgen-manifest.json",
        remedy="Run `tfgen render` again, so that files and manifest agree; no flag opens this. "
        "A Service that shall go is deleted in the cluster first.",
        service=resource.service,
    )


def _expected(entry: manifest.Entry) -> plan.Kind | None:
    """Give what its file has to be reached from outside."""
    if entry.internal:
        return None
    return plan.Kind.ASSOCIATION if entry.frozen.floating_address else plan.Kind.FLOATING_IP


def _let_go(resource: plan.Resource, entry: manifest.Entry) -> verdict.Refusal:
    service, bound = entry.service, resource.kind is plan.Kind.ASSOCIATION
    becomes = "internal" if entry.internal else entry.frozen.floating_address or "another address"
    fate = "is bound no more" if bound else "is given back"
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(resource),
        address=resource.address,
        what=f"becomes {becomes}: floating IP {resource.answers_on} {fate}",
        remedy="It stays in the project." if bound else "The address will not come back.",
        service=service,
        needs=verdict.Allowed(address_change=frozenset({service})),
    )


def _shielded(
    entry: manifest.Entry, group: tuple[plan.Resource, ...], what: str, remedy: str
) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.PROTECTED,
        about=about(group[0]),
        address=_chief(group).address,
        what=what,
        remedy=remedy,
        service=entry.service,
        needs=verdict.Allowed(protected=frozenset({entry.service})),
    )


def _guarded(kind: str) -> bool:
    return kind.startswith(_GUARDED_TYPES)


def _chief(group: tuple[plan.Resource, ...]) -> plan.Resource:
    return min(group, key=lambda each: (each.kind not in _EXTERNAL, each.address))


def _names(group: tuple[plan.Resource, ...]) -> str:
    return listing([each.words for each in group])
