"""One Service of the tree, as its last rendering left it."""

from dataclasses import dataclass
from enum import StrEnum

from tfgen import model


class State(StrEnum):
    """How a Service stands in the tree."""

    RENDERED = "rendered"
    HELD = "held"


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
    def has_floating_ip(self) -> bool:
        """Whether its files give it one, made or bound: an existing load balancer has its own."""
        return not (self.internal or self.attached)

    @property
    def leaves_floating_ip(self) -> bool:
        """Whether a floating IP of ours outlives it."""
        own = self.has_floating_ip and not self.frozen.floating_address
        return self.keep_floating_ip and own

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
