"""Draws the next operation from a seed and from what was asked for so far."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from random import Random
from typing import Any

from tests.soak.seen import Node
from tests.soak.spec import Spec
from tests.soak.wishes import BEGUN, RIVAL, Operation, Wishes

NAMES = tuple(f"web-{number}" for number in range(4))
GROUP = "front"
_PORTS = (80, 81, 443, 8080, 8443)
_SOURCES = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
_METHODS = ("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP")
_JOINING = {f"node-{n}": f"10.0.0.1{n}" for n in (4, 5, 6)}
LEAST = 2
"""Nodes that always count."""
FOREIGN = ("namesake", "neighbour", "plain", RIVAL)
"""Whose they are: nobody's, named as ours; of a cluster beside ours; nobody's; of a rival."""
CLOUD_EDITS = (
    "listener-limit",
    "listener-gone",
    "pool-method",
    "member-gone",
    "member-weight",
    "monitor-delay",
    "monitor-gone",
)
OUTAGES = ("octavia", "octavia-worker", "keystone")
VICTIMS = ("tfgen", "engine", "provider")

Draw = Callable[[Random, Wishes], Operation | None]


def operation(random: Random, now: Wishes) -> Operation:
    """Draw the next operation; one that cannot be now is drawn again.

    A rival does not stand for long, for nothing else gets done meanwhile.
    """
    if RIVAL in now.foreign and random.random() < 0.15:
        return Operation("uproot", RIVAL)
    kinds, weights = zip(*((kind, weight) for kind, (weight, _) in KINDS.items()), strict=True)
    while True:
        [kind] = random.choices(kinds, weights)
        if found := KINDS[kind][1](random, now):
            return found


def _one(random: Random, names: Iterable[str]) -> str:
    """Draw one of some names, "" of none."""
    sorted_names = sorted(names)
    return random.choice(sorted_names) if sorted_names else ""


def _create(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, set(NAMES) - now.services.keys())
    if not name:
        return None
    group = GROUP if random.random() < 0.2 else ""
    ports = _ports(random, now, name, group)
    keep = not group and random.random() < 0.1
    delay = random.choice((0, 5))
    spec = Spec(ports, _sources(random), delay=delay, keep=keep, group=group)
    return Operation("create", name, spec) if ports else None


def _ports(random: Random, now: Wishes, name: str, group: str) -> tuple[int, ...]:
    free = sorted(set(_PORTS) - now.taken(name, group))
    return tuple(sorted(random.sample(free, min(len(free), random.choice((1, 1, 1, 2))))))


def _sources(random: Random) -> tuple[str, ...]:
    return tuple(sorted(random.sample(_SOURCES, random.choice((0, 0, 1, 2)))))


def _delete(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, now.services)
    return Operation("delete", name) if name else None


def _edit(random: Random, now: Wishes) -> Operation | None:
    """Let a Service say something else: one field, or another set of ports."""
    name = _one(random, now.services)
    if not name:
        return None
    spec = now.services[name]
    changes: dict[str, Any] = {
        "ports": _ports(random, now, name, spec.group),
        "sources": _sources(random),
        "limit": random.choice((-1, 100, 2000)),
        "client_ms": random.choice((50000, 20000, 90000)),
        "delay": random.choice((0, 5, 8)),
        "method": random.choice(_METHODS),
    }
    field = random.choice(sorted(changes))
    return _said(f"edit-{field.replace('_', '-')}", name, spec, **{field: changes[field]})


def _said(kind: str, name: str, before: Spec, **changes: Any) -> Operation | None:  # noqa: ANN401  fields of a Spec
    spec = replace(before, **changes)
    return Operation(kind, name, spec) if spec != before else None


def _switched(kind: str, field: str, *, on: bool) -> Draw:
    """Draw a Service in which something is switched on, or off."""

    def draw(random: Random, now: Wishes) -> Operation | None:
        other = (key for key, spec in now.services.items() if bool(getattr(spec, field)) != on)
        name = _one(random, other)
        if not name or (field == "keep" and now.services[name].group):
            return None
        return _said(kind, name, now.services[name], **{field: on})

    return draw


def _move(random: Random, now: Wishes) -> Operation | None:
    """Let a Service join the group, or leave it."""
    name = _one(random, now.services)
    if not name:
        return None
    spec = now.services[name]
    if spec.group:
        return _said("leave", name, spec, group="")
    if now.taken(name, GROUP) & set(spec.ports) or spec.keep:
        return None
    return _said("join", name, spec, group=GROUP)


def _node_join(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, _JOINING.keys() - now.nodes.keys())
    return _node("node-join", name, Node(_JOINING[name])) if name else None


def _node_leave(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, now.nodes.keys() - BEGUN.keys())
    left = now.counting - {name}
    return Operation("node-leave", name) if name and len(left) >= LEAST else None


def _node(kind: str, name: str, node: Node) -> Operation:
    return Operation(kind, name, values=asdict(node))


def _node_change(random: Random, now: Wishes) -> Operation | None:
    """Relabel a Node, or let it drain, or give it another weight."""
    name = _one(random, now.nodes)
    node = now.nodes[name]
    if random.random() < 0.5:
        if node.counts and len(now.counting) <= LEAST:
            return None
        return _node("node-change", name, replace(node, counts=not node.counts))
    weight = random.choice((0, 1, 5))
    return (
        _node("node-change", name, replace(node, weight=weight)) if weight != node.weight else None
    )


def _file(kind: str) -> Draw:
    def draw(random: Random, now: Wishes) -> Operation | None:
        names = now.edited if kind == "restore-file" else now.tried - now.edited
        name = _one(random, names)
        return Operation(kind, name) if name else None

    return draw


def _cloud_edit(random: Random, now: Wishes) -> Operation | None:
    """Change or delete something below a load balancer behind tfgen's back."""
    name = _one(random, now.tried)
    values = {"what": random.choice(CLOUD_EDITS), "nth": random.randrange(2)}
    return Operation("cloud-edit", name, values=values) if name else None


def _error(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, now.tried - now.errored)
    return Operation("error", name) if name and not now.errored else None


def _active(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, now.errored)
    return Operation("active", name) if name else None


def _rebuild(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, now.errored)
    return Operation("rebuild", name) if name else None


def _plant(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, set(FOREIGN) - now.foreign)
    return Operation("plant", name) if name else None


def _uproot(random: Random, now: Wishes) -> Operation | None:
    name = _one(random, now.foreign)
    return Operation("uproot", name) if name else None


def _pass(kind: str, consent: float = 0) -> Draw:
    """Draw a pass; with some probability one in which a person consents to everything."""

    def draw(random: Random, _now: Wishes) -> Operation:
        values = {"consent": True} if random.random() < consent else {}
        return Operation(kind, values=values)

    return draw


def _kill(random: Random, _now: Wishes) -> Operation:
    """Draw who is killed in a run, and when: after so many lines of progress, then so many ms."""
    values = {
        "victim": random.choice(VICTIMS),
        "lines": random.choice((0, 0, 1, 1, 2, 4)),
        "ms": random.choice((0, 50, 200, 800)),
        "consent": random.random() < 0.5,
    }
    return Operation("kill", values=values)


def _outage(random: Random, _now: Wishes) -> Operation:
    values = {
        "service": random.choice(OUTAGES),
        "ms": random.choice((0, 500, 1500, 3000)),
        "seconds": random.choice((1, 3, 6)),
        "consent": random.random() < 0.5,
    }
    return Operation("outage", values=values)


KINDS: Mapping[str, tuple[int, Draw]] = {
    "create": (36, _create),
    "delete": (8, _delete),
    "edit": (90, _edit),
    "spoil": (6, _switched("spoil", "bad", on=True)),
    "mend": (16, _switched("mend", "bad", on=False)),
    "protect": (4, _switched("protect", "protect", on=True)),
    "unprotect": (8, _switched("unprotect", "protect", on=False)),
    "keep": (4, _switched("keep", "keep", on=True)),
    "unkeep": (4, _switched("unkeep", "keep", on=False)),
    "move": (8, _move),
    "node-join": (10, _node_join),
    "node-leave": (8, _node_leave),
    "node-change": (24, _node_change),
    "edit-file": (8, _file("edit-file")),
    "restore-file": (12, _file("restore-file")),
    "cloud-edit": (16, _cloud_edit),
    "error": (4, _error),
    "active": (10, _active),
    "rebuild": (6, _rebuild),
    "plant": (6, _plant),
    "uproot": (3, _uproot),
    "run": (9, _pass("run", consent=0.6)),
    "render": (5, _pass("render", consent=0.3)),
    "apply": (2, _pass("apply", consent=0.5)),
    "reviewed": (2, _pass("reviewed", consent=0.6)),
    "sync": (3, _pass("sync")),
    "publish": (2, _pass("publish")),
    "look": (2, _pass("look")),
    "kill": (9, _kill),
    "outage": (4, _outage),
}
"""What may be drawn, with its weight: most are cheap, and a pass comes every ten."""
