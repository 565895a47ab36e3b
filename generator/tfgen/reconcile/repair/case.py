"""One load balancer that is to be mended, as tree, state and cloud know it."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from tfgen import manifest, model
from tfgen.reconcile import work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


class Sky(work.Asks, Protocol):
    """The part of the cloud that is asked."""

    def floating_ips(
        self, cluster: str, tree: str, *, bound: Collection[str] = ()
    ) -> "tuple[cloud.FloatingIp, ...]":
        """List the floating IPs of one tree, and those with an address in `bound`."""

    def status_tree(self, load_balancer_id: str) -> Mapping[str, Any]:
        """Give what hangs on one load balancer, as Octavia's status tree."""


class Mender(Protocol):
    """The part of the cloud that is changed past the engine."""

    def look(self, load_balancer_id: str) -> "cloud.LoadBalancer | None":
        """Read one load balancer; None where there is none of this id."""

    def fail_over(self, load_balancer_id: str) -> None:
        """Let Octavia replace its amphorae."""

    def delete(self, load_balancer_id: str) -> None:
        """Let Octavia delete it with all that hangs on it."""

    def listeners(self, load_balancer_id: str) -> "tuple[cloud.Listener, ...]":
        """List what listens on it, whoever made it."""

    def pools(self, load_balancer_id: str) -> "tuple[cloud.Pool, ...]":
        """List its pools, whoever made them."""

    def delete_below(self, load_balancer_id: str, kind: str, identity: str) -> None:
        """Let Octavia delete one of its listeners or pools: "listeners", "pools"."""

    def has_port(self, port_id: str) -> bool:
        """Whether Neutron has a port of this id."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The outside, and how long it is waited for."""

    sky: Sky
    mender: Mender
    patience: float = 1800
    """Seconds that Octavia is given for one step; what is PENDING for longer is stuck."""
    poll: float = 2
    """Seconds between two looks."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    watched: Callable[[work.Work], AbstractContextManager[work.Work]] = nullcontext
    """Show progress and hand on signals while the engine runs."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a stack's state has of it."""

    lineage: str = ""
    """Empty: there is no state."""
    balancer: str = ""
    """Id of its load balancer; empty: the state has none."""
    tainted: bool = False
    floating_ip: str = ""
    """Id of its floating IP."""
    applied: bool = False
    """Whether what the tree has is what was applied last."""
    listeners: int = 0
    """How many of its listeners the state has."""
    once: bool = False
    """Whether it was ever whole: only then an address is known."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A listener or a pool that carries our tags, and that neither the tree nor a state has."""

    kind: str
    """As in Octavia's paths: "listeners", "pools"."""
    id: str
    port_key: str = ""
    """`tcp-80`."""

    @property
    def words(self) -> str:
        """What people call it."""
        return f"{self.kind.removesuffix('s')} {self.port_key} ({self.id})"


@dataclass(frozen=True, slots=True)
class Case:
    """One load balancer of ours, from all sides."""

    owner: model.Owner
    stack: str
    entries: tuple[manifest.Entry, ...]
    """Who is served by it; none: the tree has them no more."""
    known: Known
    balancers: "tuple[cloud.LoadBalancer, ...]"
    """All that carry its tags."""
    floating_ips: "tuple[cloud.FloatingIp, ...]" = ()
    """Those that carry its tags, are bound to it, or are asked for by the Service."""
    lacking: tuple[str, ...] = ()
    """What of a load balancer that is ACTIVE the cloud has not: "listener tcp-80"."""
    leftovers: tuple[Leftover, ...] = ()
    """What of ours is on it, and a killed apply has left; in the order in which it goes."""
    portless: bool = False
    """Whether the port of its VIP is gone, so that nothing reaches it."""
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def balancer(self) -> "cloud.LoadBalancer | None":
        """The one that it is about: that of the state, else the only one."""
        mine = [each for each in self.balancers if each.id == self.known.balancer]
        return next(iter([*mine, *self.balancers]), None)

    @property
    def keys(self) -> frozenset[model.ServiceKey]:
        """All Services that are concerned."""
        own = {self.owner} if isinstance(self.owner, model.ServiceKey) else set()
        own |= {self.owner.service} if isinstance(self.owner, model.SecondKey) else set()
        return frozenset({each.service for each in self.entries} | own)

    def answers(self, address: model.Address) -> bool:
        """Whether an address is what it answers on."""
        of_second = isinstance(self.owner, model.SecondKey)
        return address.service in self.keys and address.is_second is of_second

    @property
    def who(self) -> str:
        """Whose it is, in words."""
        kind = "Group" if isinstance(self.owner, model.GroupKey) else "Service"
        return f"{kind} {self.owner}"

    @property
    def command(self) -> str:
        """What to type for it."""
        return f"tfgen repair {model.argument(self.owner)}"

    @property
    def by_vip(self) -> bool:
        """Whether clients use its VIP: it is internal, or of IPv6."""
        return bool(self.entries) and not any(each.has_floating_ip for each in self.entries)

    @property
    def pinned(self) -> bool:
        """Whether its VIP is asked for by its Service, so that another one would have it too."""
        return any(each.frozen.vip_address or each.frozen.vip_port_id for each in self.entries)

    @property
    def address(self) -> str:
        """What clients use, as the cloud has it; empty where it has none."""
        if self.by_vip:
            return self.balancer.vip_address if self.balancer else ""
        return next((each.address for each in self.floating_ips), "")

    def age(self, balancer: "cloud.LoadBalancer") -> float | None:
        """Give the seconds since Octavia last changed it; None where it does not say."""
        return balancer.age(self.moment)
