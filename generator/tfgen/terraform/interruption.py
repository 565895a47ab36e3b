"""SIGINT and SIGTERM while engines run: counted here, handed on by whoever runs an engine.

Engines have process groups of their own, so that a Ctrl-C on the terminal reaches each of them once
and through us: the first makes it save its state and let go of its lock, a second one insists.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """What has been asked for so far; safe to read from any thread."""

    def __init__(self) -> None:
        self._received: list[signal.Signals] = []

    def __bool__(self) -> bool:
        return bool(self._received)

    def after(self, seen: int) -> tuple[signal.Signals, ...]:
        """Give the signals that came after the first `seen` ones."""
        return tuple(self._received[seen:])

    def receive(self, number: int) -> None:
        """Note a signal. A hang-up is a request to end: the engine is told so."""
        received = signal.Signals(number)
        self._received.append(signal.SIGTERM if received is signal.SIGHUP else received)

    @contextmanager
    def listening(self) -> Iterator["Interruption"]:
        """Take the signals over for a while; to be entered in the main thread."""
        before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        self.receive(number)
