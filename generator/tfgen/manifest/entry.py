"""One Service of the tree, as its last rendering left it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tfgen import model


class State(StrEnum):
    """How a Service stands in the tree."""

    RENDERED = "rendered"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Second:
    """The load balancer of a Service's second IP family: what is not as with the first."""

    family: model.Family
    node_group: str
    frozen: model.Frozen


@dataclass(frozen=True, slots=True)
class Entry:
    """One Service of the tree."""

    service: model.ServiceKey
    stack: str
    digest: str
    """sha256 of its file's body: what was written; another body on disk is a hand edit."""
    ports: tuple[str, ...]
    """Port keys, `tcp-80`, sorted."""
    node_group: str
    internal: bool
    protect: bool
    frozen: model.Frozen
    address_may_change: bool = False
    hostname: str = ""
    """What its status carries in place of the address."""
    proxy: bool = False
    """Whether its members expect the PROXY protocol, so that clients must come through it."""
    keep_floating_ip: bool = False
    """Whether its floating IP stays in the project when the Service goes."""
    revision: str = ""
    """What its file notes in the state once it is applied; empty where an older tfgen made it."""
    state: State = State.RENDERED
    problems: tuple[str, ...] = ()
    """Why it is held, in words."""
    health_check: bool = False
    """Whether a monitor asks its health check node port."""
    node_selector: str = ""
    """What its node group is made by; empty for the settings' own."""
    family: model.Family = model.Family.IPV4
    """Of the addresses in its node group."""
    group: str = ""
    """Name of the group whose load balancer it shares; empty: it has its own."""
    second: Second | None = None
    """None: it has one IP family."""

    @property
    def of_second(self) -> "Entry | None":
        """Give the Service as the load balancer of its second family serves it."""
        if (second := self.second) is None:
            return None
        return replace(
            self,
            family=second.family,
            node_group=second.node_group,
            frozen=second.frozen,
            second=None,
        )

    @property
    def sides(self) -> tuple[tuple[model.ServiceKey | model.SecondKey, "Entry"], ...]:
        """Give the load balancers that are its alone, each with the Service as it serves that."""
        other = self.of_second
        beside = ((model.SecondKey(self.service), other),) if other else ()
        return (*(() if self.common else ((self.service, self),)), *beside)

    @property
    def node_port_keys(self) -> tuple[str, ...]:
        """By which the facts know its node ports."""
        return (*self.ports, model.HEALTH_CHECK) if self.health_check else self.ports

    @property
    def nodes(self) -> model.NodeChoice:
        """Which nodes stand behind it."""
        return model.NodeChoice(self.node_group, self.node_selector, self.family)

    @property
    def attached(self) -> str:
        """Id of the existing load balancer that its ports are on; "" for one of tfgen's."""
        return self.frozen.load_balancer_id

    @property
    def node_choices(self) -> tuple[model.NodeChoice, ...]:
        """Which nodes stand behind it, for each of its families."""
        other = self.of_second
        return (self.nodes, other.nodes) if other else (self.nodes,)

    @property
    def node_groups(self) -> tuple[str, ...]:
        """The names of its node groups, of each family one."""
        return (self.node_group, self.second.node_group) if self.second else (self.node_group,)

    @property
    def has_floating_ip(self) -> bool:
        """Whether its files give it one, made or bound: an existing load balancer has its own.

        Neutron has none of IPv6.
        """
        four = self.family is model.Family.IPV4
        return four and not (self.internal or self.attached)

    @property
    def left_floating_ip(self) -> model.ServiceKey | model.SecondKey | None:
        """Give whose floating IP outlives the Service, if one of ours does."""
        own = (
            owner
            for owner, side in self.sides
            if side.has_floating_ip and not side.frozen.floating_address
        )
        return next(own, None) if self.keep_floating_ip else None

    @property
    def file(self) -> str:
        """Path of its intent file, relative to the tree."""
        return f"stacks/{self.stack}/{self.service.address}.tf"

    @property
    def shares(self) -> model.GroupKey | None:
        """The group that it is in."""
        return model.GroupKey(self.service.namespace, self.group) if self.group else None

    @property
    def common(self) -> model.GroupKey | str | None:
        """On what others may have ports, too: a group's load balancer, or, by id, one that exists.

        Those of one stack come one after another there.
        """
        return self.shares or self.attached or None

    @property
    def common_file(self) -> str:
        """Path of the file that orders the ports of those, "" where there is none."""
        return self.balancer_file if self.shares else self.chain_file

    @property
    def chain_file(self) -> str:
        """Path of the file that orders the ports of its stack on an existing load balancer."""
        return f"stacks/{self.stack}/{chain_label(self.attached)}.tf" if self.attached else ""

    @property
    def balancer_file(self) -> str:
        """Path of the file that its load balancer stands in: its own, or that of its group."""
        shared = self.shares
        return f"stacks/{self.stack}/{shared.address}.tf" if shared else self.file


def chain_label(load_balancer_id: str) -> str:
    """Name what orders a stack's ports on an existing load balancer; no other file is alike."""
    return f"lbid_{load_balancer_id}"
