"""What tfgen thinks in: plain frozen records that know neither Kubernetes JSON nor HCL.

Words are Octavia's and Kubernetes' own. Durations say their unit; addresses and CIDRs are text in
canonical form; tuples are sorted where order has no meaning.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

MOST_MILLISECONDS = 24 * 86_400_000
"""Octavia's limit for timeouts. 0 is sent at no creation: the provider takes it for absent, and
would change it only at the second apply."""
MOST_CONNECTIONS = 2_147_483_647
"""What Octavia's table of listeners holds; 0 is as with timeouts, and means no limit there."""
MOST_HSTS_SECONDS = 2_147_483_647
"""What Octavia's table of listeners holds."""
TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
TLS_SAFE_VERSIONS = TLS_VERSIONS[2:]
"""Octavia's default; sent, for what is not sent is never reset."""
TLS_CIPHERS = (
    "TLS_AES_128_GCM_SHA256:"
    "TLS_AES_256_GCM_SHA384:"
    "TLS_CHACHA20_POLY1305_SHA256:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:"
    "DHE-RSA-AES256-GCM-SHA384:"
    "DHE-RSA-CHACHA20-POLY1305"
)
"""Octavia's default (OWASP's suite B), sent as well."""
ALPN_PROTOCOLS = ("h2", "http/1.1", "http/1.0")
"""All that Octavia knows, and its default."""
BARBICAN = re.compile(r"(?:.*/)?(?:containers|secrets)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A reference to Barbican, as OCCM takes it: its last two parts."""

MONITOR_PATH = r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,254}"
MONITOR_CODES = r"[1-5][0-9]{2}(-[1-5][0-9]{2}|(,[1-5][0-9]{2})*)"
"""One code, several, or a range, as Octavia takes them."""
MONITOR_HOST = r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"
HEALTH_CHECK = "health-check"
"""By which the facts know a Service's health check node port, beside its ports' keys."""


class ServiceKey(NamedTuple):
    """A Service's identity within its cluster; a tuple, for it is the key of most that is known."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def label(self) -> str:
        """`<namespace>_<name>`: injective, for neither part can hold an underscore."""
        return f"{self.namespace}_{self.name}"

    @property
    def address(self) -> str:
        """The Terraform label of its resources; the prefix makes a leading digit legal."""
        return f"lb_{self.label}"

    @classmethod
    def parse(cls, text: str) -> "ServiceKey":
        """Read `namespace/name`. Raises ValueError for anything else."""
        namespace, slash, name = text.partition("/")
        if not (namespace and slash and name) or "/" in name:
            raise ValueError(f"{text!r} is not NAMESPACE/NAME")
        return cls(namespace, name)


@dataclass(frozen=True, slots=True, order=True)
class GroupKey:
    """The identity of a load balancer that several Services of one namespace share."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def label(self) -> str:
        """`<namespace>_<name>`, as with Services; the prefixes tell the two apart."""
        return f"{self.namespace}_{self.name}"

    @property
    def address(self) -> str:
        """The Terraform label of the load balancer and its floating IP; no Service's is alike."""
        return f"lbgroup_{self.label}"


Owner: TypeAlias = ServiceKey | GroupKey
"""Whose a load balancer is: one Service's alone, or that of a group."""


class Protocol(StrEnum):
    """A Service port's transport."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


class Family(StrEnum):
    """An IP family, as `spec.ipFamilies` names it."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Listener timeouts in milliseconds; OCCM's values, always sent."""

    client_data: int = 50_000
    member_connect: int = 5_000
    member_data: int = 50_000
    tcp_inspect: int = 0


@dataclass(frozen=True, slots=True)
class Monitor:
    """A health monitor. Delay and timeout are seconds."""

    type: str
    delay: int
    timeout: int
    max_retries: int
    max_retries_down: int
    url_path: str | None = None
    """None, as with all below: not sent, for the type has none."""
    http_method: str | None = None
    http_version: str | None = None
    domain_name: str | None = None
    expected_codes: str | None = None


@dataclass(frozen=True, slots=True)
class Tls:
    """TLS that ends at a listener; what is None is not sent, for Octavia lacks it."""

    container_ref: str
    sni_refs: tuple[str, ...] = ()
    """The first whose name a client asks for counts: their order is kept."""
    versions: tuple[str, ...] | None = TLS_SAFE_VERSIONS
    ciphers: str | None = TLS_CIPHERS
    alpn_protocols: tuple[str, ...] | None = ALPN_PROTOCOLS
    hsts_max_age: int | None = None
    """Seconds; None: browsers are told nothing."""
    hsts_include_subdomains: bool = False
    hsts_preload: bool = False


@dataclass(frozen=True, slots=True)
class Port:
    """One port of a load balancer: a listener with its pool, members and monitor."""

    protocol: Protocol
    port: int
    node_port: int | None
    """None: not known yet (a manifest in Git has none); *awaiting facts*."""
    listener_protocol: str
    pool_protocol: str
    lb_method: str
    persistence: str | None
    """Octavia's session persistence type, or None."""
    connection_limit: int | None
    timeouts: Timeouts | None
    """None, as with the limit: not sent, for Octavia or its provider lacks it."""
    monitor: Monitor | None
    allowed_cidrs: tuple[str, ...]
    """Who may connect is always said; empty only where Octavia cannot be told: everyone may."""
    monitor_port: bool = True
    """Whether members say the port that is probed: provider ovn refuses to be told."""
    tls: Tls | None = None
    headers: tuple[str, ...] = ()
    """HTTP headers that the listener inserts."""
    redirect: str = ""
    """Where the listener sends every request, path and query kept; empty: to the pool."""
    listener_tags: tuple[str, ...] = ()
    """Beside those of the load balancer."""
    pool_tags: tuple[str, ...] = ()
    health_check: bool = False
    """Whether the Service's health check node port is probed, not the port's own node port."""

    @property
    def key(self) -> str:
        """`tcp-80`: what a port is known by, whatever its place or name."""
        return f"{self.protocol.lower()}-{self.port}"


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
    """None: a load balancer of its own."""


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """Everything a reviewer sees of one Service: a function of manifest and settings alone."""

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
    """Of the nodes' addresses."""
    group: Group | None = None
    """The load balancer that it shares; None: it has its own."""

    @property
    def address(self) -> str:
        """The Terraform label of the load balancer that its ports are on."""
        return self.group.key.address if self.group else self.service.address

    @property
    def nodes(self) -> "NodeChoice":
        """Which nodes stand behind it."""
        return NodeChoice(self.node_group, self.node_selector, self.family)

    @property
    def proxy(self) -> bool:
        """Whether clients must come through it: its members expect the PROXY protocol."""
        return any(port.pool_protocol.startswith("PROXY") for port in self.ports)


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


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with one Service, worded for the person who must act.

    Reads as: "Service shop/web: <field> is <found>; expected <expected>. <remedy>"
    """

    service: ServiceKey
    field: str
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"Service {self.service}: {self.field} is {self.found}; expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """Worth saying, holds nothing back. `about` is "Service ns/name" or "Node name"."""

    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.about}: {self.text}"


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


@dataclass(frozen=True, slots=True)
class Address:
    """What a load balancer answers on, as the state or Octavia tells it."""

    service: ServiceKey
    load_balancer_id: str
    vip_address: str
    address: str
    """The floating IP, or the VIP of an internal load balancer."""
    stack: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict)
    """`tfgen.io/*` annotations beside the address: digest and commit of the Service's file."""
    revision: str | None = None
    """Of the Service's file that is applied; "" where an older tfgen made that, None where the
    source does not know."""
