"""What `tfgen repair` prints."""

from dataclasses import dataclass
from typing import Literal

from tfgen.cli.shapes.passes import Failure, Verdict
from tfgen.cli.shapes.shape import Shape


@dataclass(frozen=True, slots=True)
class Mended(Shape):
    """A load balancer that carries the tags of whom it is about."""

    id: str
    provisioning_status: str
    operating_status: str
    since: str
    """When Octavia last changed it, UTC."""
    in_state: bool


@dataclass(frozen=True, slots=True)
class Repair(Shape):
    """What was wrong with one load balancer, what is done about it, and how that ended."""

    service: str | None
    group: str | None
    stack: str
    load_balancers: list[Mended]
    """As they were found."""
    kind: Literal[
        "whole",
        "not made",
        "failed",
        "half made",
        "pending",
        "stuck",
        "gone",
        "unfinished",
        "surplus",
    ]
    found: str
    remedy: str
    cure: Literal["nothing", "wait", "failover", "rebuild", "complete", "discard"]
    steps: list[str]
    """What the cure does."""
    dry_run: bool
    done: bool
    """Whether nothing is left to be done."""
    load_balancer: str
    """Id of the one that stands afterwards; empty: not known."""
    address_before: str
    address: str
    changes: list[str]
    """What was planned, in words."""
    verdict: Verdict | None
    """Of the guards, where something was planned."""
    failures: list[Failure]
