"""Guards *address* and *vanished*: an address that clients know neither moves nor is made anew."""

from collections.abc import Iterator

from tfgen import manifest, model
from tfgen.policy import plan, reading, verdict, words
from tfgen.policy.rules import Rules, about, listing

_GROUP_TAG = "tfgen_group="
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
            locked = judged.errored and not _may_change(rules.entries(resource))
            yield _move(resource, what, _consent(rules.services(resource)), locked=locked)


def rehomed(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to put a Service's port on another load balancer: of a group, or one that exists."""
    replaced = {
        each.before.get("id")
        for each in judged.resources
        if each.kind is plan.Kind.LOAD_BALANCER and each.replaces
    }
    told = set()
    for resource in judged.resources:
        former = resource.before.get("loadbalancer_id")
        moved = _is_listener(resource) and resource.replaces and _moved(resource, "loadbalancer_id")
        if moved and former not in replaced:
            told.add(resource.service)
            what = f"the {resource.words} goes to another load balancer, with another address"
            consent = _consent(frozenset({resource.service} if resource.service else ()))
            yield _move(resource, what, consent, locked=False)
    for resource in judged.resources:
        leaves = _is_made(resource) and _leaves_common(resource, judged)
        if leaves and resource.service and resource.service not in told:
            what = "it leaves the load balancer that it shares for one of its own: another address"
            yield _move(resource, what, _consent(frozenset({resource.service})), locked=False)


def handed_over(judged: plan.Plan, _rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse a `moved` block that gives what one Service has to another one, or to nobody."""
    pairs: dict[tuple[model.Owner, str], list[plan.Resource]] = {}
    for resource in judged.resources:
        former = reading.named(resource.previous).owner
        if former and former != resource.owner:
            pairs.setdefault((former, about(resource)), []).append(resource)
    for (former, _), group in pairs.items():
        yield _handover(former, group)


def vanished(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse to go on where a load balancer or floating IP is gone, or would be made twice."""
    lost = (each for each in judged.drift if each.removes and _lives(each, rules))
    gone = [each for each in lost if not _is_nobodys(each, judged, rules)]
    for resource in gone:
        yield _missing(resource, f"{_name(resource)} is gone from the cloud")
    told = {each.address for each in gone}
    for resource in judged.resources:
        why = _known(resource.owner, rules) if _is_made(resource) else ""
        if why and _leaves_common(resource, judged):
            continue  # `rehomed` speaks of that
        if why and resource.address not in told:
            made = "the plan creates its load balancer as if there was none"
            yield _missing(resource, f"{why}, and {made}")


def _is_nobodys(gone: plan.Resource, judged: plan.Plan, rules: Rules) -> bool:
    """Whether a floating IP that is gone was told to nobody, and this is the right cloud.

    A killed apply may have removed it with its Service, of whose name another one has come since.
    That its load balancer stands shows that cloud and state belong together.
    """
    stands = any(
        each.kind is plan.Kind.LOAD_BALANCER
        and each.owner == gone.owner
        and each.before
        and not each.destroys
        for each in judged.resources
    )
    return gone.kind is plan.Kind.FLOATING_IP and gone.owner in rules.unheard and stands


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


def _may_change(entries: tuple[manifest.Entry, ...]) -> bool:
    return bool(entries) and all(entry.address_may_change for entry in entries)


def _is_listener(resource: plan.Resource) -> bool:
    return resource.kind is plan.Kind.LISTENER


def _leaves_common(balancer: plan.Resource, judged: plan.Plan) -> bool:
    """Whether a new load balancer takes the place of one that its Service was on, and does not own.

    That is one of a group, or one that exists without tfgen. A killed apply may have taken the
    ports away from there already: the state's outputs still tell.
    """
    shared = {
        values.get("id")
        for kind, values in judged.prior
        if kind == plan.Kind.LOAD_BALANCER
        and any(str(tag).startswith(_GROUP_TAG) for tag in reading.sequence(values.get("tags")))
    }
    former = (
        each.before.get("loadbalancer_id")
        for each in judged.resources
        if each.service and each.service == balancer.service
        if _is_listener(each) and each.destroys
    )
    last = judged.answered.get(balancer.service) if balancer.service else None
    return any(one in shared or one in judged.others for one in (*former, last) if one)


def _move(
    resource: plan.Resource, what: str, flags: verdict.Allowed | None, *, locked: bool
) -> verdict.Refusal:
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


def _consent(services: frozenset[model.ServiceKey]) -> verdict.Allowed | None:
    return verdict.Allowed(address_change=services) if services else None


def _handover(former: model.Owner, group: list[plan.Resource]) -> verdict.Refusal:
    to = group[0].service
    left = former.service if isinstance(former, model.SecondKey) else former
    both = frozenset({left, to}) if to and isinstance(left, model.ServiceKey) else None
    whose = "Group" if isinstance(former, model.GroupKey) else "Service"
    parts = listing([each.words for each in group])
    return verdict.Refusal(
        guard=verdict.Guard.ADDRESS,
        about=about(group[0]),
        address=group[0].address,
        what=f"a `moved` block hands over what {whose} {former} has: {parts}",
        remedy="Clients of the one would reach the other."
        if both
        else "tfgen would not know it any more. No flag opens this.",
        service=to,
        needs=_consent(both) if both else None,
    )


def _lives(resource: plan.Resource, rules: Rules) -> bool:
    reduced = resource.is_second and rules.side(resource) is None
    return resource.kind in _ATTRIBUTES and bool(rules.entries(resource)) and not reduced


def starts(judged: plan.Plan) -> bool:
    """Whether a plan makes load balancers over a state that holds none: the first one, or lost."""
    holds = any(kind == plan.Kind.LOAD_BALANCER for kind, _ in judged.prior)
    return not holds and any(map(_is_made, judged.resources))


def _is_made(resource: plan.Resource) -> bool:
    made = resource.kind is plan.Kind.LOAD_BALANCER and resource.actions == {"create"}
    return made and not resource.importing


def _known(owner: model.Owner | None, rules: Rules) -> str:
    """Say why somebody has a load balancer already, so far as anyone knows; else nothing."""
    if owner in rules.known_addresses:
        return "had an address"
    return "was rendered before this change" if owner in rules.rendered_before else ""


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
        needs=verdict.Allowed(
            new_state=True, anew=frozenset({resource.owner} if resource.owner else ())
        ),
    )
