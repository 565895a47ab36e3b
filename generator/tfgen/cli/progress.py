"""Live progress on stderr: lines that move on a terminal, lines with times everywhere else."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from rich.console import RenderableType
from rich.live import Live
from rich.table import Table

from tfgen import terraform
from tfgen.cli import board, output
from tfgen.reconcile import work

_TICK = 0.25
_HEARTBEAT = 30.0
"""Seconds of silence after which a sign of life is given."""
_ROOM = 12
"""Lines of a terminal that progress takes at most."""


class Progress:
    """Watches a pass. To be entered as a context; called from several threads."""

    def __init__(
        self, interruption: terraform.Interruption, *, environ: Mapping[str, str] = os.environ
    ) -> None:
        self.board = board.Board()
        self._interruption = interruption
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._spoke = time.monotonic()
        self._told = 0
        self._live = _live(environ, self._render)
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        if self._live:
            with contextlib.suppress(OSError):
                self._live.start()
        self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._ticker.join()
        self._tell_interrupts()
        if self._live:
            with contextlib.suppress(OSError):
                self._live.stop()

    def stage(self, stack: str, stage: work.Stage) -> None:
        """Hear that a stack enters a stage."""
        with self._lock:
            self.board.stage(stack, stage)
        if stage is work.Stage.WAIT and not self._live:
            self._say(f"stack {stack}  {stage.value}")

    def event(self, stack: str, event: terraform.Event) -> None:
        """Hear what the engine says; the end of an operation is a line of its own."""
        with self._lock:
            line = self.board.event(stack, event, time.monotonic())
            line = (
                line.replace(board.FAILED, board.STOPPED) if line and self._interruption else line
            )
        if line and not self._live:
            self._say(line)

    def seconds(self, name: str) -> float:
        """Tell how long a Service was worked on."""
        with self._lock:
            return self.board.seconds(name)

    def began(self, stack: str) -> bool:
        """Whether anything was done to a stack, or tried."""
        with self._lock:
            return self.board.began(stack)

    def done(self, stack: str) -> int:
        """Count the operations that a stack has behind it."""
        with self._lock:
            return self.board.done(stack)

    def _tick(self) -> None:
        while not self._over.wait(_TICK):
            self._tell_interrupts()
            if not self._live and time.monotonic() - self._spoke >= _HEARTBEAT:
                with self._lock:
                    line = self.board.heartbeat(time.monotonic())
                self._say(line or "still working")

    def _tell_interrupts(self) -> None:
        for _ in self._interruption.after(self._told):
            self._say(_INTERRUPTED if self._told == 0 else _INSISTED)
            self._told += 1

    def _say(self, line: str) -> None:
        self._spoke = time.monotonic()
        text = output.plain(line)
        if self._live:
            with contextlib.suppress(OSError):  # the terminal is gone; the engines are not
                self._live.console.print(text, markup=False, highlight=False)
        else:
            output.note(f"{time.strftime('%H:%M:%S')}  {text}")

    def _render(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        with self._lock:
            rows = [*self.board.rows(now, _ROOM)]
            stages = [(f"stack {name}", words) for name, words in self.board.stages()]
        for name, words in rows or stages[:_ROOM]:
            table.add_row(output.plain(name), output.plain(words))
        return table


_INTERRUPTED = (
    "interrupted: the engine finishes, saves its state and lets go of its lock "
    "(interrupt again to insist)"
)
_INSISTED = "interrupted again: the engine ends at once"


def _live(environ: Mapping[str, str], render: Callable[[], RenderableType]) -> Live | None:
    """Give a picture that moves, where there is a person in front of a terminal."""
    console = output.stderr
    if not console.is_terminal or environ.get("CI") or console.is_dumb_terminal:
        return None
    return Live(
        console=console, get_renderable=render, refresh_per_second=1 / _TICK, transient=True
    )
