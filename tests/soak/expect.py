"""What must come of a pass, told from what was asked for: who is held, which code, what stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.soak import consents
from tests.soak.seen import Balancer, Listener, Seen
from tests.soak.step import DONE, HELD, REFUSED, RENDERING, Consent, Step
from tests.soak.wishes import RIVAL

_COUNT, _PERCENT = 10, 30
"""guards.max_removals, as init writes it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one step's last pass."""

    held: frozenset[str]
    """Services that a problem, an edit or a missing consent holds."""
    failed: frozenset[str]
    """Services whose load balancer is in ERROR: kept out of plans."""
    unsure: frozenset[str]
    """Services of a group in which not all is well: one may hold another."""

    @property
    def free(self) -> frozenset[str]:
        """Give who is not to be compared: held, kept out, or perhaps so."""
        return self.held | self.failed | self.unsure


def of(step: Step) -> Expected:
    """Say who is held in a step's last pass, by what stood before it."""
    rendering = any(each.command in RENDERING and each.code != REFUSED for each in step.passes)
    held = frozenset(_held(step) if rendering else _held_by_tree(step))
    failed = frozenset(_failed(step))
    groups = _groups(step, held | failed)
    unsure = frozenset(
        name for name in _known(step) if groups & {_asked(step, name), _stands(step, name)}
    )
    return Expected(held, failed, unsure - held)


def _known(step: Step) -> frozenset[str]:
    return frozenset(step.before.entries.keys() | step.wishes.services.keys())


def _asked(step: Step, name: str) -> str:
    spec = step.wishes.services.get(name)
    return spec.group if spec else ""


def _stands(step: Step, name: str) -> str:
    entry = step.before.entries.get(name)
    return entry.group if entry else ""


def _groups(step: Step, troubled: frozenset[str]) -> frozenset[str]:
    """Give the groups that somebody troubled is in, asks for, comes to or leaves."""
    moving = consents.moved(step.wishes, step.before) | step.memory.yielded | _astray(step)
    names = troubled | moving
    found = {_asked(step, name) for name in names} | {_stands(step, name) for name in names}
    return frozenset(found - {""})


def _astray(step: Step) -> frozenset[str]:
    return consents.astray(step.wishes, step.memory, step.before)


def _consent(step: Step) -> Consent:
    return step.last.consent if step.last else Consent()


def _held(step: Step) -> Iterator[str]:
    agreed = _consent(step)
    by_hand = frozenset() if agreed.overwrite else consents.edited(step.memory, step.before)
    yield from by_hand
    for name, spec in step.wishes.services.items():
        if spec.bad:
            yield name
    yield from consents.moved(step.wishes, step.before) - agreed.moved
    for name, entry in step.before.entries.items():
        gone = name not in step.wishes.services
        if gone and entry.protect and name not in agreed.protected:
            yield name


def _held_by_tree(step: Step) -> Iterator[str]:
    """Say who is held by what was rendered; an edit since then holds, too."""
    held = {name for name, entry in step.before.entries.items() if entry.held}
    held |= consents.edited(step.memory, step.before)
    yield from held - _consent(step).protected


def _failed(step: Step) -> Iterator[str]:
    """Say whose load balancer is not whole, and who still has listeners on such a one."""
    for name in _known(step):
        standing = balancer(step, step.before, name)
        if standing and standing.status != "ACTIVE":
            yield name
    of_service = f"lb_{step.memory.namespace}_"
    for each in step.before.ours(step.memory.tree):
        for listener in each.listeners if each.status != "ACTIVE" else ():
            label = step.before.state.get(listener.id, "")
            if label.startswith(of_service):
                yield label.removeprefix(of_service)


def balancer(step: Step, seen: Seen, name: str) -> Balancer | None:
    """Give the load balancer that a Service is on, as the tree has it."""
    entry = seen.entries.get(name)
    group = entry.group if entry else _asked(step, name)
    return seen.of(step.memory.tree, f"group {group}" if group else name)


def codes(step: Step, expected: Expected) -> frozenset[int]:
    """Give the codes that a run without any hindrance may end with."""
    if RIVAL in step.wishes.foreign:
        return frozenset({REFUSED})
    found = {HELD} if expected.held or expected.failed & step.wishes.services.keys() else {DONE}
    if expected.unsure or expected.failed:
        found |= {DONE, HELD}
    return frozenset(found | ({REFUSED} if _may_refuse(step, expected) else set()))


def _may_refuse(step: Step, expected: Expected) -> bool:
    """Whether a guard may speak: too much goes, or something whose change nobody agreed to."""
    agreed, memory = _consent(step), step.memory
    unsettled = bool((memory.yielded | _astray(step)) - agreed.moved)
    return (
        unsettled
        or (not agreed.removals and (_services_go(step, expected) or _nodes_go(step)))
        or bool(_protected_parts(step) - agreed.protected)
    )


def _services_go(step: Step, expected: Expected) -> bool:
    """Whether more go than the limits let, by the tree or by what stands."""
    owners = {each.owner for each in step.before.ours(step.memory.tree)}
    there = frozenset(step.before.entries) | {each for each in owners if " " not in each}
    gone = there - step.wishes.services.keys() - expected.held
    most = min(_COUNT, max(1, len(step.before.entries) * _PERCENT // 100))
    return len(gone) > most or (len(there) > 1 and gone == there) or _all_entries_go(step, gone)


def _all_entries_go(step: Step, gone: frozenset[str]) -> bool:
    entries = step.before.entries.keys()
    return len(entries) > 1 and entries <= gone


def _nodes_go(step: Step) -> bool:
    """Whether a node group, in the tree or behind a pool, loses more than its limit."""
    left = step.wishes.counting
    addresses = frozenset(step.wishes.nodes[name].address for name in left)
    pools = (pool for each in step.before.ours(step.memory.tree) for pool in each.pools)
    groups = [(frozenset(member.address for member in pool.members), addresses) for pool in pools]
    return any(_loses(before, now) for before, now in [(step.before.facts, left), *groups])


def _loses(before: frozenset[str], now: frozenset[str]) -> bool:
    return bool(before) and len(before - now) * 100 > len(before) * _PERCENT


def _protected_parts(step: Step) -> frozenset[str]:
    """Give the protected Services of which a part may go, or be made anew."""
    found = set()
    for name in _known(step):
        entry, spec = step.before.entries.get(name), step.wishes.services.get(name)
        if (entry and entry.protect) or (spec and spec.protect):
            standing = balancer(step, step.before, name)
            if spec and standing and not _has(standing, wanted(step, step.before, name)):
                found.add(name)
    return frozenset(found)


def _has(standing: Balancer, asked: dict[int, Listener]) -> bool:
    """Whether a load balancer has these ports and no others, each whole."""
    return {each.port: bool(each.pool and each.pool.monitor) for each in standing.listeners} == {
        port: bool(each.pool and each.pool.monitor) for port, each in asked.items()
    }


def wanted(step: Step, seen: Seen, name: str) -> dict[int, Listener]:
    """Give the listeners that a Service asks for, by port, with the members as they must be."""
    service = seen.services.get(name)
    ports = service.node_ports if service else {}
    return step.wishes.services[name].listeners(ports, step.wishes.nodes.values())
