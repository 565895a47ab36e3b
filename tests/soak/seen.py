"""What stands at one moment in Octavia, Neutron, cluster, states and tree: plain values.

Equality is about what an object does; its id and name are beside that, in `identity`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """A Node of the cluster."""

    address: str
    counts: bool = True
    """Not excluded from load balancers by its label."""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Service:
    """A Service of the cluster."""

    uid: str
    address: str = ""
    """What its status carries."""
    node_ports: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a pool."""

    address: str
    port: int
    weight: int = 1
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Monitor:
    """A health monitor; seconds, and counts of probes."""

    delay: int
    timeout: int = 3
    rise: int = 1
    fall: int = 3
    type: str = "TCP"
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool, with monitor and members."""

    method: str
    monitor: Monitor | None
    members: frozenset[Member]
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener, with its default pool."""

    port: int
    limit: int
    timeouts: tuple[int, int, int, int]
    """Milliseconds: client data, member connect, member data, TCP inspect."""
    sources: frozenset[str]
    pool: Pool | None
    protocol: str = "TCP"
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer with all below it."""

    id: str
    name: str
    tags: frozenset[str]
    address: str
    """Of its VIP."""
    port_id: str
    listeners: tuple[Listener, ...] = ()
    """By port."""
    stray_pools: tuple[Pool, ...] = ()
    """Pools that no listener has as its default."""
    status: str = field(default="ACTIVE", compare=False)
    """Octavia's provisioning status."""

    @property
    def owner(self) -> str:
        """Give the Service's name, or `group NAME`, by its tags; "" where they name neither."""
        for kind, before in (("tfgen_group=", "group "), ("tfgen_service=", "")):
            for tag in sorted(self.tags):
                if tag.startswith(kind):
                    return before + tag.removeprefix(kind).partition("_")[2]
        return ""

    @property
    def pools(self) -> tuple[Pool, ...]:
        """All its pools."""
        return (*(each.pool for each in self.listeners if each.pool), *self.stray_pools)

    @property
    def below(self) -> dict[str, str]:
        """Give the kind of each object on it, by id."""
        listeners = {each.id: f"listener tcp-{each.port}" for each in self.listeners}
        pools = {each.id: "pool" for each in self.pools}
        monitors = {each.monitor.id: "monitor" for each in self.pools if each.monitor}
        return listeners | pools | monitors

    @property
    def identity(self) -> tuple[Any, ...]:
        """Give all that may not change under who is held: ids and values, no members."""
        bare = replace(
            self,
            listeners=tuple(_bare(each) for each in self.listeners),
            stray_pools=tuple(_empty(each) for each in self.stray_pools),
        )
        return bare, tuple(sorted(self.below.items()))


def _empty(pool: Pool) -> Pool:
    return replace(pool, members=frozenset())


def _bare(listener: Listener) -> Listener:
    return replace(listener, pool=_empty(listener.pool) if listener.pool else None)


@dataclass(frozen=True, slots=True)
class FloatingIp:
    """A floating IP of Neutron."""

    id: str
    address: str
    port_id: str
    """"" where it is bound to nothing."""
    tags: frozenset[str]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A Service as the tree remembers it."""

    held: bool = False
    protect: bool = False
    keep: bool = False
    group: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """All of it, at one moment."""

    balancers: tuple[Balancer, ...] = ()
    """Of the whole project, ours or not."""
    floating_ips: tuple[FloatingIp, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)
    """What the states know of the cloud: by id, the label of whose it is (`lb_shop_web`)."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """The tree's manifest."""
    facts: frozenset[str] = frozenset()
    """Names of the nodes that the tree's facts have."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Digests of the Services' files, by path in the tree."""

    def ours(self, tree: str) -> tuple[Balancer, ...]:
        """Give the load balancers with a tree's tag."""
        return tuple(each for each in self.balancers if f"tfgen_tree={tree}" in each.tags)

    def of(self, tree: str, owner: str) -> Balancer | None:
        """Give the load balancer of a Service or a group."""
        return next((each for each in self.ours(tree) if each.owner == owner), None)

    def bound(self, balancer: Balancer) -> tuple[FloatingIp, ...]:
        """Give the floating IPs at a load balancer's VIP port."""
        return tuple(each for each in self.floating_ips if each.port_id == balancer.port_id)
