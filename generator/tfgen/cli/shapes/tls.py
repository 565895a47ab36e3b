"""What `tfgen secrets sync` prints."""

from dataclasses import dataclass
from typing import Literal

from tfgen.cli.shapes.shape import Shape


@dataclass(frozen=True, slots=True)
class Why(Shape):
    """Why a Secret could not be used."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Secret(Shape):
    """One Secret that Services name."""

    secret: str
    """NAMESPACE/NAME."""
    services: list[str]
    """Who names it."""
    change: Literal["new", "renewed", "unchanged", "failed"]
    names: list[str]
    """DNS names of its certificate."""
    until: str
    """Its last day, YYYY-MM-DD; empty where there is none."""
    container_ref: str
    """URL of the Barbican secret that holds it; empty where it is not stored yet."""
    error: Why | None
    """null: it could be used."""


@dataclass(frozen=True, slots=True)
class Secrets(Shape):
    """What became of the Secrets."""

    stale: bool
    """Whether tfgen-resolved.json was behind."""
    certificates: list[Secret]
    dropped: list[str]
    """Secrets that no Service names any more."""
