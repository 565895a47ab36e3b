"""What passes give one another: what was listed, what became of it, what it answers on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tfgen.model.balancers import LoadBalancer
from tfgen.model.identity import ServiceKey
from tfgen.model.nodes import NodeGroup
from tfgen.model.told import Notice, Problem


@dataclass(frozen=True, slots=True)
class Listing:
    """Services and Nodes as the API or a file gave them, whole.

    `cluster_uid` is the UID of namespace kube-system, None where the input came from files.
    """

    services: tuple[Mapping[str, object], ...]
    nodes: tuple[Mapping[str, object], ...]
    cluster_uid: str | None
    source: str
    """Where it came from, for messages: "cluster https://..." or "file input.yaml"."""

    @property
    def live(self) -> bool:
        """Whether a cluster, not a file, was read."""
        return self.cluster_uid is not None


@dataclass(frozen=True, slots=True, order=True)
class SubnetQuery:
    """Which subnets of an external network a floating IP may come from: only the cloud knows."""

    network: str
    """Its name."""
    pattern: str = ""
    tags: str = ""

    @property
    def key(self) -> str:
        """What the answer is kept under."""
        return f"{self.network}|{self.pattern}|{self.tags}"


@dataclass(frozen=True, slots=True, order=True)
class BalancerQuery:
    """An existing load balancer that a Service attaches to: only the cloud knows it."""

    id: str
    ports: tuple[str, ...] = ()
    """Port keys that the Service wants there."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What `translate` makes of a listing."""

    load_balancers: tuple[LoadBalancer, ...] = ()
    node_groups: tuple[NodeGroup, ...] = ()
    held: frozenset[ServiceKey] = frozenset()
    """Services that are ours and have a problem."""
    unclaimed: frozenset[ServiceKey] = frozenset()
    """Still ask for a load balancer, but the settings' claim does not take them."""
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()
    queries: frozenset[SubnetQuery] = frozenset()
    """What `tfgen resolve` has to find out, and has perhaps."""
    balancers: frozenset[BalancerQuery] = frozenset()
    """Which load balancers `tfgen resolve` has to look at, and has perhaps."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a load balancer answers on, as the state or Octavia tells it."""

    service: ServiceKey
    load_balancer_id: str
    vip_address: str
    address: str
    """The floating IP, or the VIP of an internal load balancer and of IPv6."""
    stack: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict)
    """`tfgen.io/*` annotations beside the address: digest and commit of the Service's file."""
    revision: str | None = None
    """Of the Service's file that is applied; "" where an older tfgen made that, None where the
    source does not know."""
    attached: bool = False
    """Whether the load balancer exists without tfgen; a state then knows its VIP alone."""
    is_second: bool = False
    """Whether it is that of the Service's second family."""
