"""Nodes as they stand behind pools."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """An IP family, as `spec.ipFamilies` names it."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"

    @property
    def other(self) -> "Family":
        """The family beside it."""
        return Family.IPV6 if self is Family.IPV4 else Family.IPV4

    @property
    def world(self) -> str:
        """Every address of it, as a CIDR."""
        return "0.0.0.0/0" if self is Family.IPV4 else "::/0"

    @staticmethod
    def of(address: str) -> "Family":
        """Give the family of an address or a CIDR."""
        return Family.IPV6 if ":" in address else Family.IPV4


@dataclass(frozen=True, slots=True, order=True)
class NodeChoice:
    """Which nodes make a group: those that a selector takes, by their addresses of one family."""

    group: str
    """Its name; one that holds an underscore, `<namespace>_<name>`, is of one Service alone."""
    selector: str = ""
    family: Family = Family.IPV4


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """A node as a pool sees it."""

    name: str
    address: str
    weight: int = 1
    """Share of new connections, 0 to 256."""
    drain: bool = False
    """Takes no new connections, whatever its weight."""


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """Nodes that stand behind pools together; sorted by name."""

    name: str
    members: tuple[Member, ...]
    counting: frozenset[str] = frozenset()
    """Of a bounded one (`members.max_per_pool`): names of all that count, chosen or not."""
