"""Guards *address* and *vanished*: an address that clients know neither moves nor is made anew."""

from collections.abc import Iterator

from tfgen import manifest, model
from tfgen.policy import plan, reading, verdict, words
from tfgen.policy.rules import Rules, about, listing

_ATTRIBUTES = {
    plan.Kind.LOAD_BALANCER: ("vip_address", "vip_port_id", "vip_subnet_id", "vip_network_id"),
    plan.Kind.FLOATING_IP: ("address", "port_id", "fixed_ip", "pool"),
    plan.Kind.ASSOCIATION: ("floating_ip", "port_id", "fixed_ip"),
}


def moves(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to replace a load balancer or floating IP, and any change that moves its address."""
    for resource in judged.resources:
        what = _movement(resource)
        if what:
            locked = judged.errored and not _may_change(rules.entry(resource))
            yield _move(resource, what, locked=locked)


def handed_over(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a `moved` block that gives what one Service has to another one, or to nobody."""
    pairs: dict[tuple[model.ServiceKey, str], list[plan.Resource]] = {}
    for resource in judged.resources:
        former = reading.named(resource.previous).service
        if former and former != resource.service:
            pairs.setdefault((former, about(resource)), []).append(resource)
    for (former, _), group in pairs.items():
        yield _handover(former, group)


def vanished(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to go on where a load balancer or floating IP is gone, or would be made twice."""
    gone = [each for each in judged.drift if each.removes and _lives(each, rules)]
    for resource in gone:
        yield _missing(resource, f"{_name(resource)} is gone from the cloud")
    told = {each.address for each in gone}
    for resource in judged.resources:
        why = _known(resource.service, rules) if _is_made(resource) else ""
        if why and resource.address not in told:
            made = "the plan creates its load balancer as if there was none"
            yield _missing(resource, f"{why}, and {made}")


def _movement(resource: plan.Resource) -> str:
    if resource.kind not in _ATTRIBUTES:
        return ""
    if resource.replaces:
        return f"the {resource.words} is replaced ({words.replacement(resource)})"
    if "update" not in resource.actions:
        return ""
    moved = [name for name in _ATTRIBUTES[resource.kind] if _moved(resource, name)]
    told = ", ".join(words.attribute(resource, name) for name in moved)
    return f"the address of the {resource.words} moves ({told})" if moved else ""


def _moved(resource: plan.Resource, name: str) -> bool:
    """Whether a value that was there becomes another one, or one that nobody knows yet."""
    before = resource.before.get(name)
    known = resource.unknown.get(name) is not True
    return before not in (None, "") and not (known and resource.after.get(name) == before)


def _may_change(entry: manifest.Entry | None) -> bool:
    return entry is not None and entry.address_may_change


def _move(resource: plan.Resource, what: str, *, locked: bool) -> verdict.Refusal:
    flags = _consent(resource.service)
    if locked and flags:
        remedy = f"prevent_destroy holds it. Write its file anew: tfgen render {flags.flags}"
    else:
        remedy = "Clients lose the connection, and perhaps the address."
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(resource),
        address=resource.address,
        what=what,
        remedy=remedy,
        service=resource.service,
        needs=None if locked else flags,
    )


def _consent(service: model.ServiceKey | None) -> verdict.Allowed | None:
    return verdict.Allowed(address_change=frozenset({service})) if service else None


def _handover(former: model.ServiceKey, group: list[plan.Resource]) -> verdict.Refusal:
    to = group[0].service
    parts = listing([each.words for each in group])
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(group[0]),
        address=group[0].address,
        what=f"a `moved` block hands over what Service {former} has: {parts}",
        remedy="Clients of the one would reach the other."
        if to
        else "tfgen would not know it any more. No flag opens this.",
        service=to,
        needs=verdict.Allowed(address_change=frozenset({former, to})) if to else None,
    )


def _lives(resource: plan.Resource, rules: Rules) -> bool:
    return resource.kind in _ATTRIBUTES and rules.entry(resource) is not None


def starts(judged: plan.Plan) -> bool:
    """Whether a plan makes load balancers over a state that holds none: the first one, or lost."""
    holds = any(kind == plan.Kind.LOAD_BALANCER for kind, _ in judged.prior)
    return not holds and any(map(_is_made, judged.resources))


def _is_made(resource: plan.Resource) -> bool:
    made = resource.kind is plan.Kind.LOAD_BALANCER and resource.actions == {"create"}
    return made and not resource.importing


def _known(service: model.ServiceKey | None, rules: Rules) -> str:
    """Say why a Service has a load balancer already, so far as anyone knows; else nothing."""
    if service in rules.known_addresses:
        return "had an address"
    return "was rendered before this change" if service in rules.rendered_before else ""


def _name(resource: plan.Resource) -> str:
    """Name what is gone with the address that it answered on."""
    address = resource.answers_on or resource.before.get("vip_address") or ""
    return f"the {resource.words} {address}".strip()


def _missing(resource: plan.Resource, what: str) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.VANISHED,
        about=about(resource),
        address=resource.address,
        what=what,
        remedy="Check cloud, region, project and state first. Made anew, it may get another "
        "address.",
        service=resource.service,
        needs=verdict.Allowed(new_state=True),
    )
