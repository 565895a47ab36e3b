"""Starts the engine's processes: the only place that does.

Their output goes to unnamed files, not pipes: nothing can fill up, and an engine whose tfgen was
killed goes on to save its state, where a broken pipe would have killed it too.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TypeAlias

from tfgen import errors
from tfgen.terraform.interruption import Interruption

OnLine: TypeAlias = Callable[[str], None]


class NotStarted(errors.EngineError):
    """A command never ran: nothing was done."""


class Halted(NotStarted, errors.Interrupted):
    """A command never ran, for someone had asked to end before."""

    code = errors.ExitCode.INTERRUPTED


_POLL = 0.05
"""Seconds between two looks at a running engine."""
_GRACE = 60.0
"""Seconds in which an engine whose time is up may save its state."""
_OWNER_ONLY = 0o077
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Invocation:
    """One command line, where and with what it runs, and for how many seconds at most."""

    arguments: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]
    timeout: float
    interruption: Interruption
    private: bool = False
    """Files that it makes (states, plans) are for their owner only."""
    keeps: tuple[int, ...] = ()
    """Descriptors that it inherits."""

    @property
    def words(self) -> str:
        """`terraform plan`: what it is called in messages."""
        return f"{Path(self.arguments[0]).name} {self.arguments[1]}"


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended. `stdout` is empty where its lines were handed out."""

    code: int
    stdout: str
    stderr: str


def run(invocation: Invocation) -> Finished:
    """Run a command to its end and give its output; raises as `stream` does."""
    lines: list[str] = []
    finished = stream(invocation, lines.append)
    return replace(finished, stdout="".join(lines))


def stream(invocation: Invocation, on_line: OnLine) -> Finished:
    """Run a command and hand out its lines as they come.

    Raises Halted where someone has asked to end before it started, NotStarted where it cannot be
    started, EngineError where its time was up. A command that was interrupted ends as it ends.
    """
    if invocation.interruption:
        raise Halted(
            f"{invocation.words} in {invocation.directory} was not started: interrupted before"
        )
    with invocation.interruption.attending(), _file() as out, _file() as err:
        with _started(invocation, out, err) as process:
            watch = _Watch(process, invocation)
            _follow(watch, _Tail(out), on_line)
        if watch.overdue:
            raise errors.EngineError(
                f"{invocation.words} in {invocation.directory} did not end within "
                f"{invocation.timeout:.0f} s and was stopped",
                remedy="What it had done is in its state. Look at the cloud's health, then run the "
                "same command again.",
            )
        return Finished(process.returncode, "", _last(err))


def _file() -> IO[bytes]:
    """Make an unnamed file for an engine's output. Raises NotStarted."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise NotStarted(
            f"there is no place for an engine's output: {error.strerror}",
            remedy="Make room in the folder for temporary files, or name another one by TMPDIR.",
        ) from error


@contextmanager
def _started(
    invocation: Invocation, out: IO[bytes], err: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start it in a process group of its own; never leave it behind unattended."""
    try:
        process = subprocess.Popen(  # noqa: S603  the engine's path was chosen by its user
            invocation.arguments,
            cwd=invocation.directory,
            env=dict(invocation.environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            process_group=0,
            pass_fds=invocation.keeps,
            umask=_OWNER_ONLY if invocation.private else -1,
        )
    except OSError as error:
        raise NotStarted(
            f"{invocation.words} cannot be started in {invocation.directory}: {error.strerror}",
            remedy="Check that the engine is an executable file and that the folder is there.",
        ) from error
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait()


class _Watch:
    """Looks after one process: hands signals on, ends it when its time is up."""

    def __init__(self, process: subprocess.Popen[bytes], invocation: Invocation) -> None:
        self._process = process
        self._interruption = invocation.interruption
        self._handed_on = 0
        self._deadline = time.monotonic() + invocation.timeout
        self.overdue = False

    def wait(self) -> bool:
        """Wait a moment; tell whether the process has ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_POLL)
            return True
        self._hand_on()
        self._look_at_the_clock()
        return False

    def _hand_on(self) -> None:
        for number in self._interruption.after(self._handed_on):
            self._process.send_signal(number)
            self._handed_on += 1

    def _look_at_the_clock(self) -> None:
        if time.monotonic() < self._deadline:
            return
        if self.overdue:
            self._process.kill()
            return
        self.overdue = True
        self._deadline += _GRACE
        self._process.send_signal(signal.SIGINT)


class _Tail:
    """Reads a file that another process writes, without moving the place it writes at."""

    def __init__(self, file: IO[bytes]) -> None:
        self._descriptor = file.fileno()
        self._offset = 0
        self._rest = b""

    def lines(self, *, last: bool) -> Iterator[str]:
        """Give the whole lines since the last call, and the unfinished one if it is the last."""
        while chunk := os.pread(self._descriptor, _CHUNK, self._offset):
            self._offset += len(chunk)
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace") + "\n" for line in whole)
        if last and self._rest:
            yield self._rest.decode(errors="replace")


def _follow(watch: _Watch, tail: _Tail, on_line: OnLine) -> None:
    ended = False
    while not ended:
        ended = watch.wait()
        for line in tail.lines(last=ended):
            on_line(line)


def _last(file: IO[bytes]) -> str:
    """Give the end of a file as text: enough to show, whatever its size."""
    size = file.seek(0, os.SEEK_END)
    return os.pread(file.fileno(), _CHUNK, max(0, size - _CHUNK)).decode(errors="replace")
