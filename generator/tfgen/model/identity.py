"""Whose a load balancer is: a Service by its namespace and name, or a group of Services."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


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


@dataclass(frozen=True, slots=True, order=True)
class SecondKey:
    """The identity of the load balancer of a Service's second IP family, whichever that is."""

    service: ServiceKey

    def __str__(self) -> str:
        return f"{self.service} (second IP family)"

    @property
    def namespace(self) -> str:
        """That of the Service."""
        return self.service.namespace

    @property
    def label(self) -> str:
        """That of the Service: the prefixes tell the two load balancers apart."""
        return self.service.label

    @property
    def address(self) -> str:
        """The Terraform label of the load balancer and its floating IP."""
        return f"lb6_{self.label}"


Owner: TypeAlias = ServiceKey | GroupKey | SecondKey
"""Whose a load balancer is: one Service's alone, by its family, or that of a group."""


def argument(owner: Owner) -> str:
    """Give what names an owner on the command line of `tfgen repair`."""
    if isinstance(owner, GroupKey):
        return f"--group {owner}"
    return f"--second {owner.service}" if isinstance(owner, SecondKey) else str(owner)
