"""What the laboratory says while it works: lines with the seconds since it began."""

import sys
import time
from typing import TextIO

from rich.console import Console


class Reporter:
    """Says what happens: on a terminal with colour, else plain lines that a log can hold."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        self._console = Console(file=out, highlight=False, soft_wrap=True)
        self._start = time.monotonic()

    @property
    def console(self) -> Console:
        """For what knows better than lines."""
        return self._console

    def elapsed(self) -> float:
        """Seconds since this reporter was made."""
        return time.monotonic() - self._start

    def line(self, text: str, style: str = "") -> None:
        """One line, with the time."""
        self._console.print(f"{self.elapsed():6.1f} s  ", end="", style="dim", markup=False)
        self._console.print(text, style=style, markup=False)


def out(text: str = "") -> None:
    """Print a result, for people or programs."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show(thing: object) -> None:
    """Print a table, in colour on a terminal."""
    width = None if sys.stdout.isatty() else 200
    Console(width=width).print(thing)
