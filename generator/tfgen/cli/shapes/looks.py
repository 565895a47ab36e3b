"""What the commands that only look print."""

from dataclasses import dataclass
from typing import Literal

from tfgen.cli.shapes.shape import Shape


@dataclass(frozen=True, slots=True)
class Side(Shape):
    """Who was asked: cluster, cloud, states."""

    answered: bool
    error: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Difference(Shape):
    """In which way a Service is not in sync."""

    kind: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class LoadBalancer(Shape):
    """A load balancer, as Octavia has it."""

    id: str
    provisioning_status: str
    operating_status: str
    vip_address: str
    floating_ip: str


@dataclass(frozen=True, slots=True)
class ServiceStatus(Shape):
    """One Service on all sides."""

    service: str
    group: bool
    """Whether this is what is left of a group, which `service` then names."""
    address: str
    second_address: str
    """Of its second IP family."""
    internal: bool
    ports: list[str]
    sources: list[str]
    """Who may connect, as CIDRs."""
    load_balancer: LoadBalancer | None
    second_load_balancer: LoadBalancer | None
    stack: str
    file: str
    state: str
    """`in sync`, or the gravest differences."""
    held: bool
    needs_someone: bool
    """Whether it stays so until somebody does something."""
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Status(Shape):
    """All Services of the tree and the cluster."""

    sides: dict[str, Side]
    services: list[ServiceStatus]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Away(Shape):
    """Who did not answer, and why."""

    error: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NamedLoadBalancer(LoadBalancer):
    """A load balancer with its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Node(Shape):
    """A node, as it stands behind one port."""

    name: str
    address: str
    member: bool
    operating: str
    """Octavia's word for its health."""
    why: str
    """Why it is no member, or gets no traffic."""
    id: str


@dataclass(frozen=True, slots=True)
class Port(Shape):
    """One port, and the way of a packet through it."""

    port: str
    node_port: int | None
    target_port: str
    listener_id: str
    pool_id: str
    monitor_id: str
    nodes: list[Node]
    path: list[str]
    """The picture, line by line."""


@dataclass(frozen=True, slots=True)
class Value(Shape):
    """A value, and who said it."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Resource(Shape):
    """A resource: its address in the state, its id in the cloud."""

    address: str
    what: str
    id: str
    note: str


@dataclass(frozen=True, slots=True)
class Second(Shape):
    """How the second IP family of a Service is served."""

    address: str
    load_balancer: NamedLoadBalancer | None
    ports: list[Port]
    resources: list[Resource]


@dataclass(frozen=True, slots=True)
class Explain(Shape):
    """One Service from end to end; of one that is none of ours only why."""

    service: str
    not_ours: str
    """Why it is none of ours; empty where it is."""
    away: dict[str, Away]
    load_balancer: NamedLoadBalancer | None
    state: str = ""
    differences: list[Difference] | None = None
    address: str = ""
    internal: bool = False
    stack: str = ""
    file: str = ""
    ports: list[Port] | None = None
    values: list[Value] | None = None
    resources: list[Resource] | None = None
    second: Second | None = None


@dataclass(frozen=True, slots=True)
class Finding(Shape):
    """What a check found."""

    level: Literal["ok", "warning", "error", "skipped"]
    found: str
    remedy: str
    check: str


@dataclass(frozen=True, slots=True)
class Doctor(Shape):
    """All findings."""

    findings: list[Finding]
