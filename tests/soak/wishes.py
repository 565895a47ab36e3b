"""What was asked for so far: a function of the operations drawn, and of nothing that was seen.

So the same seed draws the same operations again, whatever a killed run came to.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.soak.seen import Node
from tests.soak.spec import Spec

BEGUN = {f"node-{n}": Node(f"10.0.0.1{n}") for n in (1, 2, 3)}
"""The laboratory's own nodes."""


RIVAL = "rival"
"""Another tree that carries our cluster's name: while it stands, every plan is refused."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a soak."""

    kind: str
    target: str = ""
    """Name of a Service, a Node or a foreign object; "" for a pass over all."""
    spec: Spec | None = None
    """What a Service says from now on."""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in one line."""
        values = [f"{key}={value}" for key, value in self.values.items()]
        spec = [f"({self.spec})"] if self.spec else []
        return " ".join(filter(None, [self.kind, self.target, *values, *spec]))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What stands in the cluster, and what was spoilt on purpose."""

    services: Mapping[str, Spec] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=lambda: dict(BEGUN))
    foreign: frozenset[str] = frozenset()
    """Names of objects that are somebody else's."""
    errored: frozenset[str] = frozenset()
    """Services whose load balancer was set to ERROR, and not back."""
    edited: frozenset[str] = frozenset()
    """Services whose file was to be edited by hand."""
    tried: frozenset[str] = frozenset()
    """Services that a pass was to render: something may stand of them."""

    @property
    def counting(self) -> frozenset[str]:
        """Names of the nodes that stand behind pools."""
        return frozenset(name for name, node in self.nodes.items() if node.counts)

    def taken(self, name: str, group: str) -> frozenset[int]:
        """Give the ports that a Service cannot have, for others of its group have them."""
        others = {key: spec for key, spec in self.services.items() if key != name}
        return frozenset(
            port for spec in others.values() if group and spec.group == group for port in spec.ports
        )


Change = Callable[[Wishes, str, Mapping[str, Any]], Wishes]


def after(now: Wishes, done: Operation) -> Wishes:
    """Give what is asked for once an operation is carried out."""
    if done.spec:
        return replace(now, services={**now.services, done.target: done.spec})
    if done.kind in _CHANGES:
        return _CHANGES[done.kind](now, done.target, done.values)
    return _passed(now, done) if done.kind in RENDERING else now


def _without(field: str) -> Change:
    def change(now: Wishes, name: str, _values: Mapping[str, Any]) -> Wishes:
        rest: Any = {key: each for key, each in getattr(now, field).items() if key != name}
        return replace(now, **{field: rest})

    return change


def _noted(field: str) -> Change:
    def change(now: Wishes, name: str, _values: Mapping[str, Any]) -> Wishes:
        return replace(now, **{field: getattr(now, field) | {name}})

    return change


def _forgotten(field: str) -> Change:
    def change(now: Wishes, name: str, _values: Mapping[str, Any]) -> Wishes:
        return replace(now, **{field: getattr(now, field) - {name}})

    return change


def _node(now: Wishes, name: str, values: Mapping[str, Any]) -> Wishes:
    return replace(now, nodes={**now.nodes, name: Node(**values)})


_CHANGES: Mapping[str, Change] = {
    "delete": _without("services"),
    "node-join": _node,
    "node-change": _node,
    "node-leave": _without("nodes"),
    "plant": _noted("foreign"),
    "uproot": _forgotten("foreign"),
    "error": _noted("errored"),
    "active": _forgotten("errored"),
    "edit-file": _noted("edited"),
    "restore-file": _forgotten("edited"),
}
RENDERING = frozenset({"run", "render", "reviewed", "kill", "outage"})
"""Passes that write the tree anew."""


def _passed(now: Wishes, done: Operation) -> Wishes:
    """Take a pass for done: what it was to write may stand."""
    overwritten = done.values.get("consent") and done.kind not in {"kill", "outage"}
    return replace(
        now,
        tried=frozenset(now.services),
        edited=frozenset() if overwritten else now.edited & now.services.keys(),
    )


def ending(now: Wishes) -> Iterator[Operation]:
    """Give the operations that mend all, bring it in order, and let it go."""
    yield from _mended(now)
    if RIVAL in now.foreign:
        yield Operation("uproot", RIVAL)
    yield from _twice()
    for name in sorted(now.services):
        yield Operation("delete", name)
    yield from _twice()


def _mended(now: Wishes) -> Iterator[Operation]:
    for name in sorted(now.edited):
        yield Operation("restore-file", name)
    for name in sorted(now.errored):
        yield Operation("active", name)
    for name, spec in sorted(now.services.items()):
        if spec.bad or spec.protect:
            yield Operation("mend", name, replace(spec, bad=False, protect=False))
    for name, node in BEGUN.items():
        yield Operation("node-change", name, values=asdict(node))
    for name in sorted(now.nodes.keys() - BEGUN.keys()):
        yield Operation("node-leave", name)
    yield Operation("heal")


def _twice() -> Iterator[Operation]:
    """Run with all consents: once to do what waits, and once to see that nothing is left."""
    yield Operation("run", values={"consent": True})
    yield Operation("run", values={"consent": True})
