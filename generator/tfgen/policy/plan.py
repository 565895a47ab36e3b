"""A plan as the guards look at it: frozen records of what the engine would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tfgen import model


class Kind(StrEnum):
    """The resources that tfgen writes, by their type; in the order in which they are told."""

    LOAD_BALANCER = "openstack_lb_loadbalancer_v2"
    LISTENER = "openstack_lb_listener_v2"
    POOL = "openstack_lb_pool_v2"
    MEMBERS = "openstack_lb_members_v2"
    MONITOR = "openstack_lb_monitor_v2"
    REDIRECT = "openstack_lb_l7policy_v2"
    RULE = "openstack_lb_l7rule_v2"
    FLOATING_IP = "openstack_networking_floatingip_v2"
    ASSOCIATION = "openstack_networking_floatingip_associate_v2"
    """Binds a floating IP that exists, and is not ours, to a load balancer."""
    SECURITY_GROUP = "openstack_networking_secgroup_v2"
    OPENING = "openstack_networking_secgroup_rule_v2"
    BINDING = "openstack_networking_port_secgroup_associate_v2"
    """Adds the security group to a node's port, which is not ours."""
    REVISION = "terraform_data"
    """In the state alone: which revision of a Service's file is applied."""

    @property
    def words(self) -> str:
        """What people call it."""
        return _WORDS[self]

    @property
    def rank(self) -> int:
        """Its place among the others when a plan is told."""
        return list(Kind).index(self)


_WORDS = {
    Kind.LOAD_BALANCER: "load balancer",
    Kind.LISTENER: "listener",
    Kind.POOL: "pool",
    Kind.MEMBERS: "members",
    Kind.MONITOR: "monitor",
    Kind.REDIRECT: "redirect",
    Kind.RULE: "rule of the redirect",
    Kind.FLOATING_IP: "floating IP",
    Kind.ASSOCIATION: "binding of the floating IP",
    Kind.SECURITY_GROUP: "security group of the nodes",
    Kind.OPENING: "node port",
    Kind.BINDING: "security group at node",
    Kind.REVISION: "note of what is applied",
}


NODE_ACCESS = frozenset({Kind.SECURITY_GROUP, Kind.OPENING, Kind.BINDING})
"""What is of a stack, and of no Service: who may reach the nodes."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of a plan's `resource_changes` or `resource_drift`."""

    address: str
    type: str
    actions: frozenset[str]
    kind: Kind | None = None
    owner: model.Owner | None = None
    """Whose it is by its address; None where the address is not one of ours."""
    port: str = ""
    """`tcp-80`, empty for what belongs to the whole load balancer. Of a node access, its key."""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """Attributes known only after the apply."""
    secret: frozenset[str] = frozenset()
    """Attributes marked sensitive: never printed."""
    replaced_for: tuple[str, ...] = ()
    """Attributes that force the replacement."""
    reason: str = ""
    importing: bool = False
    previous: str = ""
    """The address that a `moved` block takes it from, empty where it stood here."""

    @property
    def service(self) -> model.ServiceKey | None:
        """The Service it belongs to, of whatever family."""
        if isinstance(self.owner, model.SecondKey):
            return self.owner.service
        return self.owner if isinstance(self.owner, model.ServiceKey) else None

    @property
    def group(self) -> model.GroupKey | None:
        """The group whose load balancer, or floating IP, it is."""
        return self.owner if isinstance(self.owner, model.GroupKey) else None

    @property
    def is_second(self) -> bool:
        """Whether it is of the load balancer of a Service's second IP family."""
        return isinstance(self.owner, model.SecondKey)

    @property
    def destroys(self) -> bool:
        """Whether an object goes, replaced or not."""
        return "delete" in self.actions

    @property
    def replaces(self) -> bool:
        """Whether another object takes its place."""
        return self.actions >= {"delete", "create"}

    @property
    def removes(self) -> bool:
        """Whether it goes for good."""
        return self.destroys and not self.replaces

    @property
    def changes(self) -> bool:
        """Whether the apply would do anything about it."""
        return self.importing or not self.actions <= {"no-op", "read"}

    @property
    def answers_on(self) -> str:
        """The floating IP that it is, or binds, before the plan; "" for all else."""
        name = {Kind.FLOATING_IP: "address", Kind.ASSOCIATION: "floating_ip"}.get(
            self.kind or Kind.MEMBERS, ""
        )
        return str(self.before.get(name) or "")

    @property
    def of_nodes(self) -> bool:
        """Whether it is of a stack's node access."""
        return self.kind in NODE_ACCESS

    @property
    def words(self) -> str:
        """What people call it: `listener tcp-80`; its address where it is not one of ours."""
        if self.kind is None or not (self.owner or self.of_nodes):
            return self.address
        whole = f"{self.kind.words} {self.port}".strip()
        return f"{whole} of the second IP family" if self.is_second else whole


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as the guards look at it; resources sorted by address."""

    resources: tuple[Resource, ...] = ()
    drift: tuple[Resource, ...] = ()
    prior: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Type and values of every object of the refreshed state."""
    node_groups: Mapping[str, Any] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    """Ids of load balancers that exist without tfgen, as the state's outputs tell."""
    answered: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Ids of the load balancers that Services answered on when that was last applied."""
    errored: bool = False
    unreadable: tuple[str, ...] = ()
    """What could not be read, in words."""
