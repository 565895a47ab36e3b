"""Guards *delete* and *protected*: what must not go or change, and how much may go at once."""

from collections.abc import Iterable, Iterator

from tfgen import manifest, model
from tfgen.policy import changes, limits, plan, verdict
from tfgen.policy.rules import Rules, about, by_owner, listing

_GUARDED_TYPES = ("openstack_lb_", "openstack_networking_floatingip_", "openstack_networking_port_")
_FLOATING = (plan.Kind.FLOATING_IP, plan.Kind.ASSOCIATION)
_EXTERNAL = (plan.Kind.LOAD_BALANCER, *_FLOATING)


def living(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to destroy, or to forget, what carries the address of a living Service."""
    for resource in judged.resources:
        entries = rules.entries(resource)
        loses = resource.removes or "forget" in resource.actions
        if not entries or resource.kind not in _EXTERNAL or not loses:
            continue
        side = rules.side(resource) or entries[0]
        if resource.service and entries[0].common and resource.removes:
            yield _joined(resource, entries[0])
        elif resource.is_second and entries[0].second is None and resource.removes:
            yield _reduced(resource, entries[0])
        elif resource.kind in _FLOATING and resource.kind is not _expected(side):
            yield _let_go(resource, side, rules.services(resource))
        else:
            yield _still_there(resource, entries)


def unknown(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to destroy a part of a load balancer at an address that is no Service's."""
    for resource in judged.resources:
        nobodys = resource.owner is None and not resource.of_nodes
        if nobodys and resource.destroys and _guarded(resource.type):
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
    changed = (each for each in judged.resources if each.changes and rules.entries(each))
    for group in by_owner(changed):
        entries = rules.entries(group[0])
        held = _keys(each for each in entries if each.state is manifest.State.HELD)
        safe = _keys(each for each in entries if each.protect)
        going = tuple(each for each in group if each.destroys or "forget" in each.actions)
        if held:
            change = changes.of(group)
            if not change.facts_only:
                what = f"is held, and the plan {listing(list(change.effects))}"
                whole = (
                    words for each in entries if each.service in held for words in each.problems
                )
                why = " ".join([*whole, "It stays as it is until that is mended."])
                yield _shielded(held, group, what, why)
        elif safe and going:
            what = f"is protected (tfgen.io/protect), and the plan destroys its {_names(going)}"
            yield _shielded(safe, going, what, "Nothing under it may be destroyed or replaced.")


def removed_services(judged: plan.Plan, rules: Rules) -> frozenset[model.ServiceKey]:
    """Give the Services that are not in the manifest and whose address the plan destroys.

    One that shared a load balancer loses its ports there, and the load balancer may well stay.
    """
    return frozenset(
        resource.service
        for resource in judged.resources
        if resource.service
        and resource.destroys
        and resource.kind in (*_EXTERNAL, plan.Kind.LISTENER)
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


def _keys(entries: Iterable[manifest.Entry]) -> frozenset[model.ServiceKey]:
    return frozenset(entry.service for entry in entries)


def _joined(resource: plan.Resource, entry: manifest.Entry) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(resource),
        address=resource.address,
        what=f"{_joins(entry)}: the {resource.words} of its own goes",
        remedy="Its address will not come back.",
        service=entry.service,
        needs=verdict.Allowed(address_change=frozenset({entry.service})),
    )


def _joins(entry: manifest.Entry) -> str:
    if entry.shares:
        return f"joins group {entry.shares}"
    return f"attaches to load balancer {entry.attached}"


def _reduced(resource: plan.Resource, entry: manifest.Entry) -> verdict.Refusal:
    address = resource.answers_on or resource.before.get("vip_address") or ""
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(resource),
        address=resource.address,
        what=f"is served with {entry.family} alone: the {resource.words} {address}".rstrip()
        + " goes",
        remedy="The address will not come back.",
        service=entry.service,
        needs=verdict.Allowed(address_change=frozenset({entry.service})),
    )


def _still_there(resource: plan.Resource, entries: tuple[manifest.Entry, ...]) -> verdict.Refusal:
    subject = "the Service still stands"
    if resource.group:
        names = listing([str(entry.service) for entry in entries])
        subject = f"Services of the group still stand ({names})"
    verb = "is destroyed" if resource.destroys else "is forgotten by the state"
    return verdict.Refusal(
        guard=verdict.Guard.DELETE,
        about=about(resource),
        address=resource.address,
        what=f"the {resource.words} {verb}, but {subject} in tfgen-manifest.json",
        remedy="Run `tfgen render` again, so that files and manifest agree; no flag opens this. "
        "A Service that shall go is deleted in the cluster first.",
        service=resource.service,
    )


def _expected(entry: manifest.Entry) -> plan.Kind | None:
    """Give what its file has to be reached from outside."""
    if not entry.has_floating_ip:
        return None
    return plan.Kind.ASSOCIATION if entry.frozen.floating_address else plan.Kind.FLOATING_IP


def _let_go(
    resource: plan.Resource, entry: manifest.Entry, services: frozenset[model.ServiceKey]
) -> verdict.Refusal:
    bound = resource.kind is plan.Kind.ASSOCIATION
    becomes = _becoming(entry)
    fate = "is bound no more" if bound else "is given back"
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(resource),
        address=resource.address,
        what=f"becomes {becomes}: floating IP {resource.answers_on} {fate}",
        remedy="It stays in the project." if bound else _lost(entry),
        service=resource.service,
        needs=verdict.Allowed(address_change=services),
    )


def _lost(entry: manifest.Entry) -> str:
    """Say that an address goes: the provider cannot unbind one that stays in its state."""
    kept = "keep-floatingip spares it when the Service goes, and not here. "
    return f"{kept if entry.keep_floating_ip else ''}The address will not come back."


def _becoming(entry: manifest.Entry) -> str:
    """Say what a Service becomes that has another kind of address."""
    if entry.internal:
        return "internal"
    if entry.family is model.Family.IPV6:
        return "one of IPv6"
    return entry.frozen.floating_address or "another address"


def _shielded(
    services: frozenset[model.ServiceKey],
    group: tuple[plan.Resource, ...],
    what: str,
    remedy: str,
) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.PROTECTED,
        about=about(group[0]),
        address=_chief(group).address,
        what=what,
        remedy=remedy,
        service=group[0].service,
        needs=verdict.Allowed(protected=services),
    )


def _guarded(kind: str) -> bool:
    return kind.startswith(_GUARDED_TYPES)


def _chief(group: tuple[plan.Resource, ...]) -> plan.Resource:
    return min(group, key=lambda each: (each.kind not in _EXTERNAL, each.address))


def _names(group: tuple[plan.Resource, ...]) -> str:
    return listing([each.words for each in group])
