"""What an engine is asked for, and what it makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tfgen.terraform import events


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a command may take, in seconds, and how many objects are worked on at once."""

    short: float = 300
    init: float = 900
    plan: float = 3600
    apply: float = 4 * 3600
    parallelism: int = 10
    lock: float = 60
    """How long a state that another run holds is waited for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is to cover. No targets: all of the stack."""

    refresh: bool = True
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.targets or self.excludes)

    @property
    def certain(self) -> bool:
        """Whether the answer follows from the files and the state: of the whole, no cloud asked."""
        return self.whole and not self.refresh


@dataclass(frozen=True, slots=True)
class Planned:
    """What the engine made of a stack."""

    document: Mapping[str, Any]
    """The saved plan's JSON; empty where nothing changes."""
    changes: bool
    errored: bool
    """The engine could not finish it, so it cannot be applied; its JSON tells how far it came."""
    diagnostics: tuple[events.Diagnostic, ...] = ()
