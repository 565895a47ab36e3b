"""facts.auto.tfvars.json: what only the live cluster knows, one file a stack, a line a node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tfgen import errors, model

FILE = "facts.auto.tfvars.json"
_INDENT = "  "

NodeGroups = Mapping[str, Mapping[str, Mapping[str, Any]] | None]
"""By name and node; None: not known yet, which only a rendering without a cluster leaves."""
NodePorts = Mapping[str, Mapping[str, int | None]]
"""By Service label and port key."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Nodes and node ports of one stack."""

    node_groups: NodeGroups = field(default_factory=dict)
    node_ports: NodePorts = field(default_factory=dict)

    def nodes(self, group: str) -> Mapping[str, Mapping[str, Any]]:
        """Give the nodes of a group, none where they are not known."""
        return self.node_groups.get(group) or {}


def members(group: model.NodeGroup) -> dict[str, dict[str, Any]]:
    """Give a group in the form of the facts file."""
    return {member.name: _member(member) for member in group.members}


def _member(member: model.Member) -> dict[str, Any]:
    """Give a node's entry: of what has a default, only what differs from it."""
    weight = {"weight": member.weight} if member.weight != 1 else {}
    return {"address": member.address, **weight, **({"drain": True} if member.drain else {})}


def node_ports(
    load_balancer: model.LoadBalancer, before: Mapping[str, int | None]
) -> dict[str, int | None]:
    """Give a Service's node ports; one that was known never falls back to unknown."""
    found = {port.key: port.node_port for port in load_balancer.ports}
    if any(port.health_check for port in load_balancer.ports):
        found[model.HEALTH_CHECK] = load_balancer.health_check_node_port
    return {key: before.get(key) if number is None else number for key, number in found.items()}


def dump_facts(facts: Facts) -> str:
    """Write facts as text: sorted, and a node that joins is one more line."""
    return _dump(facts, _of_group)


def dump_all(facts: Mapping[str, Facts]) -> dict[str, str]:
    """Write the facts of all stacks as text; the group that they share is written once."""
    written: dict[int, str] = {}

    def once(group: Mapping[str, Any] | None) -> str:
        found = written.get(id(group))
        if found is None:
            found = written[id(group)] = _of_group(group)
        return found

    return {stack: _dump(each, once) for stack, each in facts.items()}


def _dump(facts: Facts, of_group: Callable[[Mapping[str, Any] | None], str]) -> str:
    groups = {name: of_group(group) for name, group in sorted(facts.node_groups.items())}
    ports = {label: _of_names(found) for label, found in sorted(facts.node_ports.items())}
    whole = {"node_groups": _nested(groups, 1), "node_ports": _nested(ports, 1)}
    return _nested(whole, 0) + "\n"


def _of_group(group: Mapping[str, Any] | None) -> str:
    return _inline(None) if group is None else _of_names(group)


def _of_names(values: Mapping[str, Any]) -> str:
    return _nested({name: _inline(value) for name, value in sorted(values.items())}, 2)


def load_facts(text: str, path: str = FILE) -> Facts:
    """Read a facts file. Raises TreeError where it is not one."""
    try:
        document = orjson.loads(text)
        groups = document["node_groups"]
        known = _objects({name: group for name, group in groups.items() if group is not None})
        awaited = {name: None for name, group in groups.items() if group is None}
        return Facts({**known, **awaited}, _objects(document["node_ports"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.TreeError(
            f"{path} cannot be read: {type(error).__name__}: {error}",
            remedy="Restore it from Git, or delete it and render.",
        ) from error


def _objects(value: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401  whatever the file holds
    return {name: dict(inner.items()) for name, inner in value.items()}


def _inline(value: Any) -> str:  # noqa: ANN401  any JSON value
    if type(value) is int:
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(k)}: {_inline(v)}" for k, v in value.items()) + "}"
    return orjson.dumps(value).decode()


def _text(value: str) -> str:
    return orjson.dumps(value).decode()


def _nested(values: Mapping[str, str], depth: int) -> str:
    """Write an object whose values are text already, one line each; depth counts its braces.

    Commas lead, so that an entry that comes last does not touch the line before it.
    """
    if not values:
        return "{}"
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    lines = f"\n{outer}, ".join(f"{_text(key)}: {value}" for key, value in values.items())
    return f"{{\n{inner}{lines}\n{outer}}}"
