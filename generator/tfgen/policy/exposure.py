"""Guard *exposure* (guards.exposure): what was closed does not open to everywhere unasked."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from tfgen import model
from tfgen.policy import plan, reading, verdict
from tfgen.policy.rules import Rules, about, by_balancer

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_EVERYTHING = frozenset({"0.0.0.0/0", "::/0"})
_PUBLIC = (plan.Kind.FLOATING_IP, plan.Kind.ASSOCIATION)
_SHAPES = (plan.Kind.LISTENER, *_PUBLIC)


def opened(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a listener that becomes reachable from everywhere: made, changed or given an address.

    An internal load balancer without a floating IP is reachable from inside alone.
    """
    if not rules.settings.guards.exposure:
        return
    for group in by_balancer(each for each in judged.resources if each.kind in _SHAPES):
        before, after = _public((*group, *_shared(group[0], judged, rules)), rules)
        for listener in (each for each in group if each.kind is plan.Kind.LISTENER):
            if after and _open_after(listener) and not (before and _open_before(listener)):
                yield _refusal(listener)


def everywhere(cidrs: list[str]) -> bool:
    """Whether source ranges, all together, hold every address of a family; none are no limit."""
    found = [_network(text) for text in cidrs]
    if not found or None in found:
        return True
    four = (one for one in found if isinstance(one, ipaddress.IPv4Network))
    six = (one for one in found if isinstance(one, ipaddress.IPv6Network))
    collapsed = {
        *map(str, ipaddress.collapse_addresses(four)),
        *map(str, ipaddress.collapse_addresses(six)),
    }
    return not _EVERYTHING.isdisjoint(collapsed)


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _shared(resource: plan.Resource, judged: plan.Plan, rules: Rules) -> Iterator[plan.Resource]:
    """Give the floating IP of the load balancer that a Service shares, where the plan has it."""
    entry = rules.entry(resource)
    shared = entry.shares if entry else None
    for each in judged.resources if shared else ():
        if each.group == shared and each.kind in _PUBLIC:
            yield each


def _public(group: tuple[plan.Resource, ...], rules: Rules) -> tuple[bool, bool]:
    """Whether a Service's load balancer is reachable from outside: before, and after.

    What goes tells nothing of before: nothing more that is destroyed may open a plan.
    """
    floating = [one for one in group if one.kind in _PUBLIC and not one.removes]
    had = any(bool(one.before) and one.actions != {"create"} for one in floating)
    has = any("forget" not in one.actions for one in floating)
    entry = rules.entry(group[0])
    inside = entry is not None and entry.internal
    return had or not (inside or has), has or not inside


def _open_before(listener: plan.Resource) -> bool:
    stood = bool(listener.before) and listener.actions != {"create"}
    return stood and everywhere(_cidrs(listener.before))


def _open_after(listener: plan.Resource) -> bool:
    if listener.removes or "forget" in listener.actions:
        return False
    return bool(listener.unknown.get("allowed_cidrs")) or everywhere(_cidrs(listener.after))


def _cidrs(values: Mapping[str, Any]) -> list[str]:
    return list(map(str, reading.sequence(values.get("allowed_cidrs"))))


def _refusal(listener: plan.Resource) -> verdict.Refusal:
    after = _cidrs(listener.after)
    ranges = ", ".join(after) or "no source ranges at all"
    return verdict.Refusal(
        guard=verdict.Guard.EXPOSURE,
        about=about(listener),
        address=listener.address,
        what=f"the {listener.words} becomes reachable from everywhere ({ranges})",
        remedy="Narrow spec.loadBalancerSourceRanges, or make the Service internal.",
        service=listener.service,
        needs=_consent(listener.service),
    )


def _consent(service: model.ServiceKey | None) -> verdict.Allowed | None:
    return verdict.Allowed(exposure=frozenset({service})) if service else None
