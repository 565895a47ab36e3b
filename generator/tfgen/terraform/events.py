"""The engine's `-json` lines as typed events; what is not listed here is left alone.

Source: "Machine-Readable UI" of Terraform's and OpenTofu's documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import orjson


class Phase(StrEnum):
    """How far an operation on one resource is."""

    START = "start"
    PROGRESS = "progress"
    COMPLETE = "complete"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True)
class Operation:
    """The engine works on one resource. `action`: create, update, delete, refresh, read."""

    phase: Phase
    address: str
    action: str
    seconds: float = 0
    """Since its start."""

    @property
    def changes(self) -> bool:
        """Whether something in the cloud is made, changed or removed, and not only looked at."""
        return self.action not in {"refresh", "read", "noop"}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning, as the engine worded it."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    """Of the resource it is about, where the engine knows."""
    place: str = ""
    """`lb_a_b.tf:12`, where the engine knows."""

    @property
    def error(self) -> bool:
        """Whether it stopped something."""
        return self.severity == "error"

    def __str__(self) -> str:
        about = " ".join(
            part for part in (self.address, f"({self.place})" * bool(self.place)) if part
        )
        head = f"{self.summary}: {about}" if about else self.summary
        return f"{head}\n{self.detail}" if self.detail else head


Event: TypeAlias = Operation | Diagnostic

_OPERATIONS = {
    "apply_start": Phase.START,
    "apply_progress": Phase.PROGRESS,
    "apply_complete": Phase.COMPLETE,
    "apply_errored": Phase.ERRORED,
    "refresh_start": Phase.START,
    "refresh_complete": Phase.COMPLETE,
}


def parse(line: str) -> Event | None:
    """Read one line; None for what says nothing to us, also where it is no JSON at all."""
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    try:
        return _read(document) if isinstance(document, dict) else None
    except (KeyError, TypeError, AttributeError):
        return None  # another form than the documented one: an apply goes on without its line


def _read(document: Mapping[str, Any]) -> Event | None:
    kind = document.get("type")
    if kind == "diagnostic":
        return _diagnostic(document["diagnostic"])
    if kind in _OPERATIONS:
        return _operation(_OPERATIONS[kind], document["hook"])
    return None


def _operation(phase: Phase, hook: Mapping[str, Any]) -> Operation:
    return Operation(
        phase=phase,
        address=hook["resource"]["addr"],
        action=hook.get("action", "refresh"),
        seconds=hook.get("elapsed_seconds", 0),
    )


def _diagnostic(found: Mapping[str, Any]) -> Diagnostic:
    where = found.get("range")
    return Diagnostic(
        severity=found["severity"],
        summary=found["summary"],
        detail=found.get("detail", ""),
        address=found.get("address", ""),
        place=f"{where['filename']}:{where['start']['line']}" if where else "",
    )
