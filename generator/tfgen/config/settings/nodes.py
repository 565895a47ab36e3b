"""Nodes behind the pools, and their ports."""

from typing import Annotated

from pydantic import Field

from tfgen.config.settings.kinds import CidrOrNothing, ObjectId, Section


class Members(Section):
    """Which nodes stand behind pools."""

    node_selector: str = ""
    """Labels that a node must have: "k=v,k2"; a key alone: the label exists."""
    max_per_pool: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Nodes behind a Service at most, a stable choice for each; 0: all."""


class NodeAccess(Section):
    """What lets load balancers reach the nodes: security groups that open the node ports in use."""

    enabled: bool = False
    """One security group a stack."""
    member_cidr: CidrOrNothing = ""
    """From where: the CIDR of the members' subnet; with provider ovn, of the clients."""
    node_ports: dict[str, ObjectId] = {}
    """Ports of nodes in Neutron that get the groups, by node name; other groups of theirs stay."""
