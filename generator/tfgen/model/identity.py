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


Owner: TypeAlias = ServiceKey | GroupKey
"""Whose a load balancer is: one Service's alone, or that of a group."""
