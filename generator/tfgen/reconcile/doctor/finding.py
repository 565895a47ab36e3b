"""What a check finds, in words, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How grave a finding is."""

    OK = "ok"
    WARNING = "warning"
    """It works now and will hurt, or hurts something that is not asked for every day."""
    ERROR = "error"
    """A pass would fail."""
    SKIPPED = "skipped"
    """Not looked at, for something that it needs is in error."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    level: Level
    found: str
    remedy: str = ""
    check: str = ""
    """Name of the check; whoever runs it fills it in."""


def ok(found: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(Level.OK, found)


def warning(found: str, remedy: str) -> Finding:
    """Say what will hurt, and what to do."""
    return Finding(Level.WARNING, found, remedy)


def error(found: str, remedy: str) -> Finding:
    """Say what is wrong, and what to do."""
    return Finding(Level.ERROR, found, remedy)


def count(number: int, noun: str) -> str:
    """Write a number of things: `1 stack`, `2 stacks`."""
    return f"{number} {noun}{'s' * (number != 1)}"
