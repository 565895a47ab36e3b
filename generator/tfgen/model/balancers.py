"""Load balancers: what is rendered of a Service, and what is kept of it."""

from dataclasses import dataclass

from tfgen.model.identity import GroupKey, Owner, SecondKey, ServiceKey
from tfgen.model.nodes import Family, NodeChoice
from tfgen.model.traffic import Port


@dataclass(frozen=True, slots=True)
class Frozen:
    """What Octavia takes at creation only; kept from the first rendering on.

    An empty text means "not sent". `floating_network` is the external network's name (the
    provider wants the name), empty for an internal load balancer.
    """

    vip_subnet_id: str = ""
    vip_network_id: str = ""
    provider: str = ""
    flavor_id: str = ""
    availability_zone: str = ""
    floating_network: str = ""
    member_subnet_id: str = ""
    """Octavia keeps a member's subnet as long as its address and port stay."""
    vip_port_id: str = ""
    """An existing port of Neutron's as VIP: then neither subnet nor network is sent."""
    vip_address: str = ""
    """The VIP that an internal load balancer is to have; empty: Octavia's choice."""
    floating_address: str = ""
    """An existing floating IP that is bound to the VIP, and never made or destroyed."""
    floating_subnets: tuple[str, ...] = ()
    """Subnets of the external network that the floating IP is tried in, in order; none: any."""
    load_balancer_id: str = ""
    """An existing load balancer that the ports are attached to, and that is never changed; its
    provider and VIP stand here, too, as the cloud told them."""


@dataclass(frozen=True, slots=True)
class Group:
    """A load balancer that several Services share: what is not of one of them alone."""

    key: GroupKey
    name: str
    description: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """How a Service stands in the tree: whose load balancer it has, and what it has there."""

    ports: tuple[str, ...] = ()
    """Port keys, sorted."""
    internal: bool = False
    group: GroupKey | None = None
    """None: a load balancer of its own, or one that exists."""
    attached: str = ""
    """Id of the existing load balancer that its ports are on."""
    family: Family = Family.IPV4
    second: Frozen | None = None
    """What the load balancer of its second family was made with; None: it has none."""


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """Everything a reviewer sees of one Service: a function of manifest and settings alone.

    A dual-stack Service has another one, of its second family, beside that of the first.
    """

    service: ServiceKey
    name: str
    """Its Octavia name; that of its ports begins with it, whoever's load balancer they are on."""
    description: str
    tags: tuple[str, ...]
    """Those that say whose it is; its children and the floating IP have them too."""
    frozen: Frozen
    internal: bool
    member_subnet_id: str
    node_group: str
    ports: tuple[Port, ...]
    """Sorted by key; never empty."""
    more_tags: tuple[str, ...] = ()
    """Of the load balancer alone, as the Service asks."""
    hostname: str = ""
    """What the Service's status carries in place of the address."""
    keep_floating_ip: bool = False
    """Whether its floating IP stays in the project when the Service goes."""
    protect: bool = False
    address_may_change: bool = False
    """True only while `--allow-address-change` names this Service: no prevent_destroy."""
    health_check_node_port: int | None = None
    """None: none is probed, or it is not known yet."""
    node_selector: str = ""
    """What its node group is made by; "" also where the settings' own holds (group `default`)."""
    family: Family = Family.IPV4
    """Of its address, and of the nodes' addresses."""
    group: Group | None = None
    """The load balancer that it shares; None: it has its own."""
    is_second: bool = False
    """Whether it is that of the Service's second family."""
    second: "LoadBalancer | None" = None
    """That of the second family; None: the Service has one family."""

    @property
    def own(self) -> ServiceKey | SecondKey:
        """Whose its ports are."""
        return SecondKey(self.service) if self.is_second else self.service

    @property
    def owner(self) -> Owner:
        """Whose load balancer its ports are on."""
        return self.group.key if self.group else self.own

    @property
    def address(self) -> str:
        """The Terraform label of the load balancer that its ports are on."""
        return self.owner.address

    @property
    def sides(self) -> "tuple[LoadBalancer, ...]":
        """Itself, and that of the second family."""
        return (self, self.second) if self.second else (self,)

    @property
    def floats(self) -> bool:
        """Whether its files give it a floating IP: Neutron has none of IPv6."""
        return not (self.internal or self.attached) and self.family is Family.IPV4

    @property
    def attached(self) -> str:
        """Id of the existing load balancer that its ports are on; "" for one of tfgen's."""
        return self.frozen.load_balancer_id

    @property
    def nodes(self) -> NodeChoice:
        """Which nodes stand behind it."""
        return NodeChoice(self.node_group, self.node_selector, self.family)

    @property
    def proxy(self) -> bool:
        """Whether clients must come through it: its members expect the PROXY protocol."""
        return any(port.pool_protocol.startswith("PROXY") for port in self.ports)
