"""What Services may ask for: whose they are, what they open, at what they point."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tfgen.config.settings.kinds import TFGEN_CLASS, Cidr, ObjectId, Said, Section


class Claim(Section):
    """Which Services are ours."""

    classes: list[str] = [TFGEN_CLASS]
    """Values of spec.loadBalancerClass that are ours."""
    classless: bool = False
    """Also take LoadBalancer Services without a class (only where no other controller does)."""
    node_ports: bool = True
    """Also take NodePort Services annotated tfgen.io/expose: "true"."""
    namespaces: list[str] = ["*"]
    """Namespaces to look at; shell patterns."""
    selector: str = ""
    """Label selector (equality and set terms) that a Service must match."""


class Opening(Section):
    """What namespaces may open."""

    namespaces: list[str] = ["*"]
    """Namespaces that it is about; shell patterns."""
    cidrs: list[Cidr] = []
    """Source ranges that a Service there may have, or parts of them."""


class Exposure(Section):
    """Who may connect to load balancers that are not internal."""

    default: Literal["open", "closed"] = "open"
    """Where a Service does not say who: open is everyone; closed `ranges`, or it is held."""
    ranges: list[Cidr] = []
    """Where closed: source ranges of a Service that says none."""
    allow: list[Opening] = []
    """The most that a namespace may open; all openings that name it count. Empty: anything."""


class Rule(Said):
    """What Services of some namespaces may say; what a rule leaves out it does not bound."""

    name: Annotated[str, Field(min_length=1)]
    """Its name, for the message."""
    namespaces: list[str] = ["*"]
    """Namespaces that it is about; shell patterns."""
    classes: list[str] = []
    """Classes that a Service may name."""
    networks: list[ObjectId] = []
    """Networks that a Service may name, of VIPs and of floating IPs."""
    subnets: list[ObjectId] = []
    """Subnets that a Service may name, of VIPs, members and floating IPs."""
    flavors: list[ObjectId] = []
    """Flavors that a Service may name."""
    fixed_address: bool = True
    """Whether a Service may ask for an address or a port of Neutron."""
    annotations: list[str] = []
    """Annotations of tfgen and OCCM that a Service may carry; shell patterns."""


class Attachment(Section):
    """An object of the project, and who may point at it."""

    id: Annotated[str, Field(min_length=1)]
    """Its id, its address, or its reference; `*` is every object."""
    namespaces: list[str] = ["*"]
    """Namespaces whose Services may point at it; shell patterns."""


def _everything(value: object) -> object:
    return [{"id": "*"}] if value == "any" else value


Attachments = Annotated[
    list[Attachment],
    BeforeValidator(_everything, json_schema_input_type=Literal["any"] | list[Attachment]),
]
