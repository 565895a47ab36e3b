"""The nodes behind one port: which are members, and of each other one why it is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tfgen import model
from tfgen.inspection import children
from tfgen.translate import nodes

_SERVING = frozenset({"ONLINE", "NO_MONITOR", "DRAINING"})


@dataclass(frozen=True, slots=True)
class Node:
    """One node, as it stands behind one port."""

    name: str
    address: str
    member: bool
    operating: str = ""
    """Octavia's word for its health; empty where the cloud did not say."""
    why: str = ""
    """Why it is no member, or why it gets no traffic, or should not be one any more."""
    id: str = ""
    """Octavia's id of the member."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What each side knows of the nodes behind one port."""

    judged: Sequence[tuple[str, model.Member | nodes.LeftOut]] | None
    """Of the cluster; None where it was not asked."""
    facts: Mapping[str, Mapping[str, Any]]
    """The node group of the stack, as the tree has it."""
    node_port: int | None
    listener: children.Listener | None
    """As the cloud has it; None where it has none, or was not asked."""
    cloud: bool
    """Whether the cloud was asked."""


def behind(sight: Sight) -> tuple[Node, ...]:
    """Give all nodes that any side knows of, sorted by name."""
    cluster = dict(sight.judged or ())
    pool = {member.name: member for member in (sight.listener.members if sight.listener else ())}
    names = cluster.keys() | sight.facts.keys() | pool.keys()
    return tuple(_node(sight, name, cluster.get(name), pool.get(name)) for name in sorted(names))


def _node(
    sight: Sight,
    name: str,
    judged: model.Member | nodes.LeftOut | None,
    member: children.Member | None,
) -> Node:
    planned = sight.facts.get(name, {}).get("address", "")
    found = judged.address if isinstance(judged, model.Member) else ""
    stands = member is not None or (not sight.cloud and bool(planned) and _known(sight))
    return Node(
        name=name,
        address=member.address if member else str(planned or found),
        member=stands,
        operating=member.operating if member else "",
        why="; ".join(_why(sight, judged, member, planned=bool(planned))),
        id=member.id if member else "",
    )


def _known(sight: Sight) -> bool:
    return sight.node_port is not None


def _why(
    sight: Sight,
    judged: model.Member | nodes.LeftOut | None,
    member: children.Member | None,
    *,
    planned: bool,
) -> Iterator[str]:
    if isinstance(judged, nodes.LeftOut):
        yield judged.why
        if planned:
            yield "the tree still has it: tfgen sync"
    elif judged is None and sight.judged is not None:
        yield "the cluster has no such node"
    if member:
        yield from _member_why(sight, member, planned=planned)
    elif isinstance(judged, model.Member) and not planned:
        yield "the tree does not have it yet: tfgen sync"
    elif planned and not _known(sight):
        yield "the node port is not known yet: tfgen sync"
    elif planned and sight.listener and isinstance(judged, model.Member | None):
        yield "the tree has it, and it is not applied yet"


def _member_why(sight: Sight, member: children.Member, *, planned: bool) -> Iterator[str]:
    if not planned:
        yield "still a member: that it goes is not applied yet"
    elif sight.node_port not in {None, member.port}:
        yield f"its node port is {member.port}, and {sight.node_port} is not applied yet"
    if member.operating not in _SERVING:
        yield f"no answer on {member.address}:{member.port}"
