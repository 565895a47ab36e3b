"""What a service of the laboratory is."""

import dataclasses
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lab.machines.site import Site
from lab.settings import CHECKOUT, Settings

PYTHON = sys.executable
DEBIAN = "debian:"


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """A process under supervision."""

    name: str
    version: str
    address: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    # Files it reads when it starts: if one changes, the next `up` starts it anew.
    reads: tuple[Path, ...] = ()
    after: tuple[str, ...] = ()
    # TERM is the orderly end; some take their time for it, and need not.
    stop_signal: str = "TERM"
    stop_seconds: int = 20
    # Seconds it may take to be ready on a busy machine.
    patience: float = 90
    # Whether readiness is worth asking of a service that has been running all the time; if not,
    # then still after one of these was started.
    ask_again: bool = True
    ask_after: tuple[str, ...] = ()
    # Started by name only, not by `up`.
    optional: bool = False


def debian(package: str) -> str:
    """Give a version that is Debian's to tell, when it is asked for."""
    return DEBIAN + package


def in_cloud(settings: Settings, *command: str | Path) -> tuple[str, ...]:
    """Give a command inside the namespace of router and nodes."""
    cloud = Site(settings.home, settings.prefix).cloud
    return ("ip", "netns", "exec", cloud, *map(str, command))


def sources(*patterns: str) -> tuple[Path, ...]:
    """Files of `lab/` that a service of ours consists of."""
    found = (path for pattern in patterns for path in (CHECKOUT / "lab").glob(pattern))
    return tuple(sorted(found))
