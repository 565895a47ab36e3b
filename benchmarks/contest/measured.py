"""What a piece of work took: wall time, and requests that Octavia's API answered."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lab import Lab


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, and calls of Octavia's API."""

    seconds: float
    calls: int

    def __str__(self) -> str:
        """Say it for a table's cell."""
        return f"{self.seconds:.1f} s, {self.calls} calls"


@contextmanager
def measure(lab: Lab, *, without: str = "") -> Iterator[Callable[[], Measured]]:
    """Time a piece of work and count the calls; `without` leaves out one client's own."""
    spent: list[Measured] = []
    with lab.count_calls() as calls:
        start = time.monotonic()
        yield lambda: spent[0]
        seconds = time.monotonic() - start
    agents = calls.by_agent("octavia")
    made = sum(n for agent, n in agents.items() if not without or without not in agent)
    spent.append(Measured(seconds, made))
