"""What hangs on one load balancer, read from Octavia's status tree.

Source: Octavia API reference, "Get the Load Balancer status tree".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a pool."""

    id: str
    name: str
    address: str
    port: int
    operating: str


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener, with the pool and monitor behind it."""

    id: str
    port_key: str
    """`tcp-80`: the end of its name, as we name listeners."""
    operating: str
    pool_id: str = ""
    monitor_id: str = ""
    members: tuple[Member, ...] = ()


def read(document: Mapping[str, Any]) -> dict[str, Listener]:
    """Read the answer, by port key; what has another form is passed over."""
    statuses = _section(document, "statuses")
    listeners = map(_listener, _objects(_section(statuses, "loadbalancer"), "listeners"))
    return {listener.port_key: listener for listener in listeners}


def _listener(found: Mapping[str, Any]) -> Listener:
    pool = next(_objects(found, "pools"), {})
    return Listener(
        id=str(found.get("id", "")),
        port_key=str(found.get("name", "")).rpartition("_")[2],
        operating=str(found.get("operating_status", "")),
        pool_id=str(pool.get("id", "")),
        monitor_id=str(_section(pool, "health_monitor").get("id", "")),
        members=tuple(map(_member, _objects(pool, "members"))),
    )


def _member(found: Mapping[str, Any]) -> Member:
    port = found.get("protocol_port")
    return Member(
        id=str(found.get("id", "")),
        name=str(found.get("name", "")),
        address=str(found.get("address", "")),
        port=port if isinstance(port, int) else 0,
        operating=str(found.get("operating_status", "")),
    )


def _section(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(parent: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    found = parent.get(name)
    yield from (each for each in found or () if isinstance(each, Mapping))
