"""Runs tfgen as its users do: a process whose lines are read, which may be killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.e2e.sites import Site
from tests.soak.step import Consent, Pass

_PATIENCE = 400
"""Seconds after which a pass counts as hanging."""
_PROGRESS = " ... "
"""What is in every line that tells of an object."""


class Passes:
    """Starts tfgen for one site; knows the engines that killed ones left at work."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._left: list[int] = []

    @property
    def busy(self) -> bool:
        """Whether an engine is at work whose tfgen was killed."""
        self._left = [pid for pid in self._left if _lives(pid)]
        return bool(self._left)

    def do(self, *words: str, consent: Consent | None = None) -> Pass:
        """Run tfgen to its end."""
        return self._ended(self._begin(words, consent or Consent()))

    def killed(self, values: Any, *words: str, consent: Consent) -> Pass:  # noqa: ANN401  drawn
        """Kill tfgen, its engines or their providers after so many lines and ms."""
        begun = self._begin(words, consent)
        begun.wait(lambda: begun.lines(_PROGRESS) >= values["lines"])
        time.sleep(values["ms"] / 1000)
        victim = values["victim"]
        begun.wait(lambda: victim == "tfgen" or bool(begun.pids(victim)))
        engines = begun.pids("engine")
        hit = begun.kill(victim)
        if victim == "tfgen":
            self._left += engines
        done = self._ended(begun)
        return replace(done, hindered=f"{victim} killed" if hit else "")

    def without(
        self,
        stop: Callable[[], None],
        start: Callable[[], None],
        values: Any,  # noqa: ANN401  drawn
        *words: str,
        consent: Consent,
    ) -> Pass:
        """Let a service be away for some seconds in the middle of a run."""
        begun = self._begin(words, consent)
        time.sleep(values["ms"] / 1000)
        stop()
        try:
            time.sleep(values["seconds"])
        finally:
            start()
        return replace(self._ended(begun), hindered=f"{values['service']} away")

    def _begin(self, words: tuple[str, ...], consent: Consent) -> "_Begun":
        flags = consent.flags(self._site.name, words[0])
        return _Begun(self._site, (*words, *flags), consent)

    def _ended(self, begun: "_Begun") -> Pass:
        code = begun.process.wait(_PATIENCE)
        seconds = time.monotonic() - begun.since
        return Pass(begun.words, code, begun.said, seconds, begun.consent)


class _Begun:
    """A tfgen at work."""

    def __init__(self, site: Site, words: tuple[str, ...], consent: Consent) -> None:
        self.words, self.consent, self.since = words, consent, time.monotonic()
        self._log = site.folder / "pass.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tfgen", *words],
                cwd=site.folder,
                env=site.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self._log.read_text(errors="replace")

    def lines(self, text: str) -> int:
        """Count the lines with a text in them."""
        return sum(text in line for line in self.said.splitlines())

    def wait(self, seen: Callable[[], bool]) -> None:
        """Wait until something is so, or it has ended."""
        while not seen() and self.process.poll() is None:
            time.sleep(0.02)

    def pids(self, who: str) -> list[int]:
        """Give the processes of one kind: its engines, or what they started."""
        engines = [pid for pid in _children(self.process.pid) if _is_engine(_command(pid))]
        if who == "engine":
            return engines
        below = [each for engine in engines for each in _below(engine)]
        return [pid for pid in below if b"terraform-provider-openstack" in _command(pid)]

    def kill(self, who: str) -> bool:
        """Kill it, or all of one kind; whether anybody was there."""
        pids = [self.process.pid] if who == "tfgen" else self.pids(who)
        lived = self.process.poll() is None and bool(pids)
        for pid in pids if lived else ():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return lived


def _children(pid: int) -> Iterator[int]:
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            yield from map(int, path.read_text().split())


def _below(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _below(child)


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _is_engine(command: bytes) -> bool:
    """Whether a command line is an engine's that plans, applies or the like."""
    words = command.split(b"\0")
    return words[0].rpartition(b"/")[2] in {b"terraform", b"tofu"} and b"version" not in words


def _lives(pid: int) -> bool:
    """Whether a process is there, and no engine of another laboratory that got its number."""
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False
