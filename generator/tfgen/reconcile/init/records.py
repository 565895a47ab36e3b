"""What is wished, what was found, what is asked, and the draft that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tfgen import errors

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; --offline does not pay

Key = tuple[str, ...]
SUBNET: Key = ("network", "subnet_id")
MEMBERS: Key = ("network", "member_subnet_id")
NETWORK: Key = ("network", "network_id")
FLOATING: Key = ("network", "floating_networks")
INTERNAL: Key = ("defaults", "internal")
PROVIDER: Key = ("octavia", "provider")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for; empty texts leave it to cloud and cluster."""

    cluster: str
    out: str = ""
    cloud: str = ""
    subnet: str = ""
    member_subnet: str = ""
    floating_networks: tuple[str, ...] = ()
    """Each a name, an id, or ID=NAME."""
    provider: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What the cloud said."""

    identity: "cloud.Identity"
    subnets: tuple["cloud.Subnet", ...]
    external_networks: tuple["cloud.ExternalNetwork", ...]
    api_version: str
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate: what it is known by, and what a person sees of it."""

    value: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.value}  {self.label}".rstrip()


@dataclass(frozen=True, slots=True)
class Question:
    """Several candidates; `default` is the value of the likeliest, or empty, and `why` it is."""

    what: str
    flag: str
    options: tuple[Option, ...]
    default: str = ""
    why: str = ""


Choose = Callable[[Question], str]
"""Gives the value of one option, or raises."""


@dataclass(slots=True)
class Draft:
    """The settings to be written, growing."""

    values: dict[Key, Any]
    notes: dict[Key, str] = field(default_factory=dict)
    """Comments beside the settings' own."""
    said: list[str] = field(default_factory=list)
    """What was found and taken, for the person who started this."""


def refuse(question: Question) -> str:
    """Choose nothing: without a terminal, a choice is made by a flag. Raises SettingsError."""
    listed = "\n".join(f"  {option}" for option in question.options)
    likely = f" {question.why}: {question.default}." if question.default else ""
    raise errors.SettingsError(
        f"there are {len(question.options)} candidates for {question.what}:\n{listed}",
        remedy=f"Choose one with {question.flag}.{likely}",
    )
