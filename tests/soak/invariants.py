"""What must hold after every step; each function gives what is broken, in words."""

from collections.abc import Callable, Iterator, Mapping

from tests.soak import consents, expect
from tests.soak.seen import Balancer, Seen
from tests.soak.step import REFUSED, WRITING, Memory, Step
from tfgen.errors import ExitCode

_KILLED = -9
_BUG = ("a bug", "Traceback (most recent call last)")
UNTOUCHING = frozenset({"render", "plan", "publish", "status", "explain", "doctor"})
"""Commands that change nothing in the cloud."""
BEHIND = frozenset({"cloud-edit", "error", "active", "plant", "uproot"})
"""Operations by which somebody else changes the cloud."""


def broken(step: Step, secrets: Mapping[str, str]) -> list[str]:
    """Say what does not hold after a step."""
    found = [f"{name}: {what}" for name, check in CHECKS.items() for what in check(step)]
    return [*found, *(f"secret: {what}" for what in leaked(step, secrets))]


def addresses(step: Step) -> Iterator[str]:
    """A living Service keeps the address that it was first published with, bound to it."""
    memory, seen = step.memory, step.after
    for name, address in memory.addresses.items():
        service = seen.services.get(name)
        if service is None or name in memory.yielded | agreed(step):
            continue
        if service.address not in {"", address}:
            yield f"{name} was published as {address}, and is now {service.address}"
        owners = {name, *(f"group {each}" for each in _groups(step, name))}
        ports = {each.port_id for each in seen.ours(memory.tree) if each.owner in owners}
        bound = {each.port_id for each in seen.floating_ips if each.address == address}
        if not bound & ports:
            yield f"{name} was published as {address}, which leads to no load balancer of it"


def _groups(step: Step, name: str) -> Iterator[str]:
    for seen in (step.before, step.after):
        if name in seen.entries and seen.entries[name].group:
            yield seen.entries[name].group


def agreed(step: Step) -> frozenset[str]:
    """Give the Services whose address somebody let go in this step."""
    return frozenset(name for each in step.passes for name in each.consent.moved)


def orphans(step: Step) -> Iterator[str]:
    """What carries our tags is in a state, or was left by a pass that did not come to its end."""
    loose = loose_now(step)
    allowed = step.memory.loose if not ended(step) else _excused(step)
    if step.still or unfinished(step):
        return
    for id_, what in sorted(loose.items()):
        if id_ not in allowed:
            yield f"{what} ({id_}) is in no state"


def loose_now(step: Step) -> dict[str, str]:
    """Give what is ours and in no state, by id."""
    seen, tree = step.after, step.memory.tree
    found: dict[str, str] = {}
    for each in seen.ours(tree):
        found[each.id] = f"load balancer {each.name}"
        found |= {id_: f"{kind} of {each.name}" for id_, kind in each.below.items()}
        found |= {ip.id: f"floating IP {ip.address} of {each.name}" for ip in seen.bound(each)}
    for ip in seen.floating_ips:
        if f"tfgen_tree={tree}" in ip.tags and ip.id not in kept_ids(step):
            found[ip.id] = f"floating IP {ip.address}"
    return {id_: what for id_, what in found.items() if id_ not in seen.state}


def kept_ids(step: Step) -> frozenset[str]:
    """Give the floating IPs that outlive, or may outlive, their Services as asked."""
    before, tree = step.before, step.memory.tree
    found = {each.id for each in step.memory.kept}
    for name, entry in before.entries.items():
        standing = before.of(tree, name)
        if entry.keep and name not in step.wishes.services and standing:
            found |= {each.id for each in before.bound(standing)}
    return frozenset(found)


def ended(step: Step) -> bool:
    """Whether a run came to its end, so that nothing may be left over."""
    return bool(step.last and step.last.command == "run" and step.last.whole)


def unfinished(step: Step) -> bool:
    """Whether a pass that writes to the cloud did not come to its end."""
    last = step.last
    return bool(last and last.command in WRITING and not last.whole and last.code != REFUSED)


def _excused(step: Step) -> frozenset[str]:
    """Give what was left over at Services that the run had to leave alone."""
    free = expect.of(step).free
    owners = free | {f"group {group}" for name in free for group in _all_groups(step, name)}
    mine = [each for each in step.after.ours(step.memory.tree) if each.owner in owners]
    ids = {id_ for each in mine for id_ in (each.id, *each.below)}
    ids |= {ip.id for each in mine for ip in step.after.bound(each)}
    return step.memory.loose & ids


def _all_groups(step: Step, name: str) -> Iterator[str]:
    yield from _groups(step, name)
    if name in step.wishes.services and step.wishes.services[name].group:
        yield step.wishes.services[name].group


def foreign(step: Step) -> Iterator[str]:
    """What somebody else has is as it was planted; and so are floating IPs that were to stay."""
    standing = by_id(step.after)
    kept = {each.id: each for each in step.memory.kept}
    for id_, planted in {**step.memory.foreign, **kept}.items():
        if id_ not in standing:
            yield f"{id_} is gone; it was {planted}"
        elif standing[id_] != planted:
            yield f"{id_} was {planted}, and is now {standing[id_]}"


def by_id(seen: Seen) -> dict[str, object]:
    """Give load balancers and floating IPs whole, by id."""
    balancers: dict[str, object] = {each.id: (each, each.identity) for each in seen.balancers}
    return balancers | {each.id: each for each in seen.floating_ips}


def held(step: Step) -> Iterator[str]:
    """A held Service's load balancer and floating IP stay as they are; members may change."""
    if step.busy or not step.passes or step.operation.kind == "heal":
        return
    tree, rebuilt = step.memory.tree, step.operation.target
    for name in sorted(expect.of(step).held):
        entry = step.before.entries.get(name)
        before = step.before.of(tree, name)
        if (entry and entry.group) or (step.operation.kind == "rebuild" and name == rebuilt):
            continue
        now = step.after.of(tree, name)
        if before and (now is None or now.identity != before.identity):
            yield f"{name} is held: {before.identity} became {now and now.identity}"
        elif before and now and step.before.bound(before) != step.after.bound(now):
            yield f"{name} is held, and its floating IP changed"
        elif now and not before:
            yield f"{name} is held, and got load balancer {now.id}"


def codes(step: Step) -> Iterator[str]:
    """Each pass ends with a code of the table, a run without hindrance with the one foreseen."""
    for each in step.passes:
        killed = each.code == _KILLED and each.hindered.startswith("tfgen")
        if each.code not in set(ExitCode) and not killed:
            yield f"{' '.join(each.words)} ended with {each.code}: {each.output}"
    last = step.last
    if last and last.command == "run" and not last.hindered and not step.busy:
        foreseen = expect.codes(step, expect.of(step))
        if last.code not in foreseen:
            yield f"a run ended with {last.code}, foreseen: {sorted(foreseen)}: {last.output}"


def bugs(step: Step) -> Iterator[str]:
    """No pass says that it has a bug."""
    for each in step.passes:
        if any(words in each.output for words in _BUG):
            yield each.output


def untouched(step: Step) -> Iterator[str]:
    """Who looks, is refused, or moves things elsewhere changes nothing in the cloud."""
    looked = all(each.command in UNTOUCHING or each.code == REFUSED for each in step.passes)
    if step.busy or not looked or step.operation.kind in BEHIND or step.memory.loose:
        return
    before, after = by_id(step.before), by_id(step.after)
    for id_ in sorted(before.keys() | after.keys()):
        if before.get(id_) != after.get(id_):
            yield f"{id_} was {before.get(id_)}, and is now {after.get(id_)}"


def converged(step: Step) -> Iterator[str]:
    """After a run that came to its end the cloud is what was asked for, state and cloud agree."""
    if not ended(step) or step.still:
        return
    expected = expect.of(step)
    for name in sorted(step.wishes.services.keys() - expected.free):
        yield from _stands(step, name)
    alive = step.wishes.services.keys() | expected.free
    for each in step.after.ours(step.memory.tree):
        if " " not in each.owner and each.owner not in alive:
            yield f"load balancer {each.name} stands, and its Service is gone"
    yield from _lost(step, expected)


def _stands(step: Step, name: str) -> Iterator[str]:
    group = step.wishes.services[name].group
    found = step.after.of(step.memory.tree, f"group {group}" if group else name)
    if found is None:
        yield f"{name} has no load balancer"
        return
    yield from _listens(step, name, found, alone=not group)
    service, bound = step.after.services[name], step.after.bound(found)
    if [each.address for each in bound] != [service.address]:
        yield f"{name} is published as {service.address or 'nothing'}, bound are {bound}"


def _listens(step: Step, name: str, found: Balancer, *, alone: bool) -> Iterator[str]:
    asked = expect.wanted(step, step.after, name)
    standing = {each.port: each for each in found.listeners if alone or each.port in asked}
    for port in sorted(asked.keys() | standing.keys()):
        if standing.get(port) != asked.get(port):
            yield f"{name} tcp-{port}: {standing.get(port)} stands, asked was {asked.get(port)}"
    if alone and found.stray_pools:
        yield f"{name} has pools without a listener: {found.stray_pools}"


def _lost(step: Step, expected: expect.Expected) -> Iterator[str]:
    """Say what the states know and the cloud has no more."""
    seen, free = step.after, expected.free
    there = {id_ for each in seen.balancers for id_ in (each.id, *each.below)}
    there |= {each.id for each in seen.floating_ips}
    labels = {f"lb_{step.memory.namespace}_{name}" for name in free}
    for id_, label in sorted(seen.state.items()):
        if id_ not in there and label not in labels and not label.startswith("lbgroup_"):
            yield f"{id_} of {label} is in the state, and not in the cloud"


def remembered(step: Step) -> Iterator[str]:
    """After a rendering the tree holds whom it must, and nobody else."""
    last = step.last
    if not last or not ended(step) or step.still:
        return
    expected = expect.of(step)
    found = {name for name, entry in step.after.entries.items() if entry.held}
    known = step.before.entries.keys() & step.after.entries.keys()
    for name in sorted((found ^ expected.held) & known - expected.unsure):
        yield f"{name} is {'' if name in found else 'not '}held in the tree"
    by_hand = consents.edited(step.memory, step.after) - _invalid(step)
    if last.consent.overwrite and by_hand:
        yield f"hand edits of {sorted(by_hand)} stand, and were to be dropped"


def _invalid(step: Step) -> frozenset[str]:
    """Give the Services of which nothing can be rendered, so that an edited file stays as it is."""
    return frozenset(name for name, spec in step.wishes.services.items() if spec.bad)


def left(seen: Seen, memory: Memory) -> list[str]:
    """Say what is still there of ours once everything went."""
    found = [f"load balancer {each.name}" for each in seen.ours(memory.tree)]
    kept = {each.id for each in memory.kept}
    tag = f"tfgen_tree={memory.tree}"
    addresses = (each for each in seen.floating_ips if tag in each.tags and each.id not in kept)
    found += [f"floating IP {each.address}" for each in addresses]
    return [f"left: {each}" for each in [*found, *(f"state of {x}" for x in seen.state.values())]]


def leaked(step: Step, secrets: Mapping[str, str]) -> Iterator[str]:
    """No output holds a password, a token or a key."""
    for each in step.passes:
        for name, secret in secrets.items():
            if secret in each.output:
                yield f"{' '.join(each.words)} printed {name}"


CHECKS: Mapping[str, Callable[[Step], Iterator[str]]] = {
    "address": addresses,
    "orphan": orphans,
    "foreign": foreign,
    "held": held,
    "code": codes,
    "bug": bugs,
    "untouched": untouched,
    "converged": converged,
    "tree": remembered,
}
