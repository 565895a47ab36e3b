"""SIGINT, SIGTERM and SIGHUP: counted here, handed on by whoever runs an engine.

Engines have process groups of their own, so that a Ctrl-C on the terminal reaches each of them once
and through us: the first makes it save its state and let go of its lock, a second one insists.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import TypeAlias

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL = 0.05
"""Seconds between two looks at what still runs."""
_INSISTENCE = 3
"""So many signals, and an engine that has not ended by then is left alone."""

_Handler: TypeAlias = Callable[[int, FrameType | None], None]


class Interruption:
    """What has been asked for so far; safe to read from any thread."""

    def __init__(self) -> None:
        self._received: list[signal.Signals] = []
        self._lock = threading.Lock()
        self._running = 0
        self._ended = False

    def __bool__(self) -> bool:
        return bool(self._received)

    @property
    def running(self) -> int:
        """How many engines run that these signals are handed on to."""
        return self._running

    @property
    def ended(self) -> bool:
        """Whether a signal has ended what the main thread was at."""
        return self._ended

    def after(self, seen: int) -> tuple[signal.Signals, ...]:
        """Give the signals that came after the first `seen` ones."""
        return tuple(self._received[seen:])

    def receive(self, number: int) -> None:
        """Note a signal. A hang-up is a request to end: the engine is told so."""
        received = signal.Signals(number)
        self._received.append(signal.SIGTERM if received is signal.SIGHUP else received)

    @contextmanager
    def listening(self) -> Iterator["Interruption"]:
        """Only count signals for a while: whoever works on looks here. In the main thread."""
        with _taken_over(self._count):
            yield self

    @contextmanager
    def ending(self) -> Iterator["Interruption"]:
        """Count signals for a whole program, and end its main thread by KeyboardInterrupt.

        Meanwhile this is what `current` gives. In other threads than the main one nobody signals.
        """
        _PROGRAMS.append(self)
        try:
            with _taken_over(self._end) if _in_main_thread() else nullcontext():
                yield self
        finally:
            _PROGRAMS.remove(self)

    @contextmanager
    def attending(self) -> Iterator[None]:
        """Count an engine that is run here; no signal tears its keeper away from it."""
        with self.listening() if _in_main_thread() else nullcontext():
            self._count_engines(1)
            try:
                yield
            finally:
                self._count_engines(-1)

    def settle(self) -> None:
        """Wait until all engines that were told have ended; one may insist. In the main thread."""
        with self.listening():
            while self._running and len(self._received) < _INSISTENCE:
                time.sleep(_POLL)

    def _count_engines(self, more: int) -> None:
        with self._lock:
            self._running += more

    def _count(self, number: int, _frame: FrameType | None) -> None:
        self.receive(number)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        self.receive(number)
        self._ended = True
        raise KeyboardInterrupt


_PROGRAMS: list[Interruption] = []
"""Signals are a program's, not a function's: who listens for the whole of it, if anyone."""


def current() -> Interruption:
    """Give what this program's signals are counted by, so that no engine misses them."""
    return _PROGRAMS[-1] if _PROGRAMS else Interruption()


@contextmanager
def _taken_over(handler: _Handler) -> Iterator[None]:
    """Take signals over, but for those that were switched off (nohup, a script's `&`)."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    wanted = [number for number, was in before.items() if was is not signal.SIG_IGN]
    for number in wanted:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in wanted:
            signal.signal(number, before[number] or signal.SIG_DFL)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
