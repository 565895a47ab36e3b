"""One row of the table of annotations, and how a row is written."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OCCM = "loadbalancer.openstack.org/"
TFGEN = "tfgen.io/"
PORT = TFGEN + "port."
"""Begins what holds for one port alone: `tfgen.io/port.<name, number or tcp-443>.<setting>`."""
CLASS = OCCM + "class"
TLS = OCCM + "default-tls-container-ref"
PROXY = OCCM + "proxy-protocol"
REDIRECT = TFGEN + "redirect-http"
GROUP = TFGEN + "group"
ATTACH = OCCM + "load-balancer-id"
INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
NODE_SELECTOR = OCCM + "node-selector"
WEIGHT, DRAIN = TFGEN + "weight", TFGEN + "drain"
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
NODE_PORT_RANGES = TFGEN + "source-ranges"
"""Kubernetes refuses both the field and the annotation on a Service of type NodePort."""


class Kind(StrEnum):
    """What part an annotation plays."""

    INPUT = "input"
    OUTPUT = "output"
    """Written by publish, never read by render."""
    NODE = "of a Node"
    """Read from Nodes; on a Service it is a problem."""


class Change(StrEnum):
    """What a new value does to a load balancer that stands."""

    IN_PLACE = "in place"
    PORT = "replaces the port"
    """Listener, pool and all below them go first: an outage of that port."""
    CREATION = "at creation only"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row of the table."""

    key: str
    meaning: str
    kind: Kind = Kind.INPUT
    parser: Callable[[str], Any] = str
    value: str = ""
    """What may be written, for people."""
    field: str = ""
    """The setting under `defaults` that holds where it is absent, or ""."""
    at: str = ""
    """The setting that holds where it is absent, if it stands elsewhere: `octavia.flavor_id`."""
    change: Change = Change.IN_PLACE
    since: str = ""
    """The Octavia API version that has it; "" where all have."""
    lacking: tuple[str, ...] = ()
    """Octavia providers that do not do it."""
    per_port: bool = False
    """Whether one port may have a value of its own."""

    @property
    def setting(self) -> str:
        """The last part of the key, by which one port says it."""
        return self.key.rpartition("/")[2]

    @property
    def place(self) -> str:
        """The setting that holds where it is absent, by its whole name, or ""."""
        return self.at or (f"defaults.{self.field}" if self.field else "")


BOOLEAN = "true or false"
"""What may be written for a boolean, for people."""


def read(  # noqa: PLR0913  the columns of the table
    key: str,
    meaning: str,
    parser: Callable[[str], Any],
    value: str,
    field: str = "",
    *,
    at: str = "",
    since: str = "",
    lacking: tuple[str, ...] = (),
    change: Change = Change.IN_PLACE,
    per_port: bool = False,
) -> Annotation:
    """Make a row of what is carried out."""
    return Annotation(
        key,
        meaning,
        parser=parser,
        value=value,
        field=field,
        at=at,
        since=since,
        lacking=lacking,
        change=change,
        per_port=per_port,
    )


def of_node(key: str, meaning: str, parser: Callable[[str], Any], value: str) -> Annotation:
    """Make a row of what Nodes say."""
    return Annotation(key, meaning, Kind.NODE, parser, value)


def written(key: str, meaning: str) -> Annotation:
    """Make a row of what publish writes."""
    return Annotation(key, meaning, Kind.OUTPUT, change=Change.NONE)
