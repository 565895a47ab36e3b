"""A command of tfgen as a process of its own: watched, signalled, killed."""

import contextlib
import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from tests.fakes.place import Place

_PATIENCE = 110.0
"""Seconds; what takes longer has stuck, however busy the machine is: a test ends after 120."""
_POLL = 0.02
_NUMBER = itertools.count()


class Running:
    """One command as a process."""

    def __init__(self, place: Place, *arguments: str) -> None:
        self._out = place.folder / f"said-{next(_NUMBER)}"
        with self._out.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tfgen", *arguments], stdout=said, stderr=said
            )

    @property
    def said(self) -> str:
        """Give all that was printed so far."""
        return self._out.read_text()

    def until(self, comes: Callable[[], bool]) -> None:
        """Wait for something to come true."""
        end = time.monotonic() + _PATIENCE
        while not comes():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(_POLL)

    def ended(self) -> int:
        """Wait for its end and give the exit code."""
        return self.process.wait(_PATIENCE)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@contextlib.contextmanager
def running(place: Place, *arguments: str) -> Iterator[Running]:
    """Run a command; never leave it behind."""
    command = Running(place, *arguments)
    try:
        yield command
    finally:
        command.process.kill()
        command.process.wait()
