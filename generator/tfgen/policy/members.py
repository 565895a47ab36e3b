"""A pool's members before and after, matched as a person would match them."""

from collections.abc import Mapping
from typing import Any

from tfgen.policy import plan, reading

_Key = tuple[str, str]


def told(resource: plan.Resource) -> str:
    """Say how a pool's members change: `members tcp-80: 2 -> 3 (+node-4)`."""
    before, after = _by_key(resource.before), _by_key(resource.after)
    head = f"{resource.words}: {len(before)} -> {len(after)}"
    port = _new_node_port(before, after)
    marks = [f"node port {port}"] if port else _marks(before, after)
    return f"{head} ({', '.join(marks)})" if marks else head


def _by_key(values: Mapping[str, Any]) -> dict[_Key, Mapping[str, Any]]:
    """Key the elements of the set by (address, protocol_port): Octavia's identity of a member."""
    members = map(reading.mapping, reading.sequence(values.get("member")))
    return {(str(one.get("address")), str(one.get("protocol_port"))): one for one in members}


def _marks(before: Mapping[_Key, Any], after: Mapping[_Key, Any]) -> list[str]:
    marks = [f"+{_name(after[key])}" for key in sorted(after.keys() - before.keys())]
    marks += [f"-{_name(before[key])}" for key in sorted(before.keys() - after.keys())]
    both = sorted(before.keys() & after.keys())
    return marks + [f"~{_name(after[key])}" for key in both if _differs(before[key], after[key])]


def _differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Compare all but the id, which the provider computes."""
    return {**before, "id": ""} != {**after, "id": ""}


def _name(member: Mapping[str, Any]) -> str:
    return str(member.get("name") or member.get("address"))


def _new_node_port(before: Mapping[_Key, Any], after: Mapping[_Key, Any]) -> str:
    """Give `30001 -> 30002` where the same nodes are reached on another port, else nothing."""
    old, new = {port for _, port in before}, {port for _, port in after}
    same = {address for address, _ in before} == {address for address, _ in after}
    if same and old != new and len(old) == len(new) == 1:
        return f"{old.pop()} -> {new.pop()}"
    return ""
