"""One tfgen at a time at a tree, or at a stack; whoever comes second hears who is there.

The lock is the system's own (flock), so it goes with its process, however that ends. The file that
it is on says who holds it, and is removed with it; one that a killed process left behind says
nothing. An engine inherits the lock of its stack: where its tfgen is killed, it is still at work.
A provider inherits it from the engine; where that is killed, too, nobody is at work any more.
"""

import contextlib
import fcntl
import getpass
import json
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tfgen import errors
from tfgen.workspace import left

FOLDER, FILE = ".terraform", "tfgen.lock"
"""Where it lies: Git ignores that folder, and engines keep their own there."""
WAIT = 60.0
"""Seconds that a lock is waited for, unless asked otherwise."""
_POLL = 0.1
_FRESH = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_COMMAND_SHOWN = 200
_FORM = "%Y-%m-%dT%H:%M:%SZ"
_STEPS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    command: str
    pid: int
    host: str
    user: str
    since: str
    """UTC, in the form of ISO 8601."""

    def __str__(self) -> str:
        age = _age(self.since)
        return f"`{self.command}` (pid {self.pid} on {self.host}, user {self.user}, {age})"

    @property
    def here(self) -> bool:
        """Whether it is a process of this host."""
        return self.host == os.uname().nodename

    @property
    def dead(self) -> bool:
        """Whether it was a process of this host, which has ended."""
        return self.here and not _lives(self.pid)


class Held(errors.TreeError):
    """Somebody else is at work there."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a lock is waited for, in seconds, and whether that was given up meanwhile."""

    seconds: float = WAIT
    over: Callable[[], object] = bool
    waits: Callable[[], object] = bool
    """Told when it is waited for."""


@contextlib.contextmanager
def hold(folder: Path, what: str, patience: Patience) -> Iterator[int]:
    """Hold a folder alone; gives the descriptor that the lock is on.

    `what` names it in messages: "stack shop". Raises Held, which says by whom, Interrupted, or
    TreeError where the file system gives no locks.
    """
    handle = _taken(folder, what, patience)
    try:
        yield handle
    finally:
        _let_go(handle, folder)


def holder(folder: Path) -> Holder | None:
    """Give who holds a folder, None where nobody does. The lock is tried, and not waited for."""
    try:
        handle = os.open(_path(folder), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _read(handle) or Holder("tfgen", 0, os.uname().nodename, "somebody", "")
    finally:
        os.close(handle)
    return None


def _let_go(handle: int, folder: Path) -> None:
    """Remove the file while the lock is still ours, then let go; what cannot be removed stays."""
    try:
        with contextlib.suppress(OSError):
            _path(folder).unlink(missing_ok=True)
    finally:
        os.close(handle)
    with contextlib.suppress(OSError):
        _path(folder).parent.rmdir()  # only where nothing else is in it


def _taken(folder: Path, what: str, patience: Patience) -> int:
    end = time.monotonic() + patience.seconds
    told = False
    while True:
        handle = _opened(folder)
        try:
            if _try(handle, what) and _is_current(handle, folder):
                _write(handle)
                return handle
            holder = _read(handle)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if holder and holder.dead:
            left.end_providers(folder, _path(folder))
        if patience.over():
            raise errors.Interrupted(f"{what} was waited for", remedy="Run the same command again.")
        if time.monotonic() >= end:
            raise Held(f"{what} is held by {holder or _NOBODY}", remedy=_remedy(holder, folder))
        if not told:
            patience.waits()
            told = True
        time.sleep(_POLL)


def _path(folder: Path) -> Path:
    return folder / FOLDER / FILE


def _opened(folder: Path) -> int:
    """Open the file of a lock; whoever lets go of it meanwhile may remove its folder."""
    while True:
        try:
            (folder / FOLDER).mkdir(exist_ok=True)
            return os.open(_path(folder), _FRESH, 0o666)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError | FileExistsError)
            if gone and folder.is_dir() and not _is_blocked(folder):
                continue
            raise errors.TreeError(
                f"{_path(folder)} cannot be written: {error.strerror}",
                remedy="See that you own the output tree and that the disk has room; then run "
                "again.",
            ) from error


def _is_blocked(folder: Path) -> bool:
    """Whether something that is no folder stands where the lock's is to be.

    That it exists is said of a folder, too, which somebody removes at that very moment.
    """
    try:
        return not stat.S_ISDIR((folder / FOLDER).lstat().st_mode)
    except FileNotFoundError:
        return False


def _try(handle: int, what: str) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise errors.TreeError(
            f"{what} cannot be locked: {error.strerror}",
            remedy="Its file system gives no locks (NFS without a lock service does that): "
            "choose a folder on another one with -o.",
        ) from error
    return True


def _is_current(handle: int, folder: Path) -> bool:
    """Whether the file that was locked is still the one that others open."""
    try:
        return os.path.samestat(os.fstat(handle), _path(folder).stat())
    except FileNotFoundError:
        return False


def _write(handle: int) -> None:
    """Say who we are. That it cannot be said is no reason to do nothing: the lock holds."""
    text = json.dumps(asdict(me())).encode()
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, text, 0)


def _read(handle: int) -> Holder | None:
    """Read who holds a lock; None where it was not written whole, yet."""
    try:
        return Holder(**json.loads(os.pread(handle, 1 << 14, 0)))
    except (OSError, ValueError, TypeError):
        return None


def me() -> Holder:
    """Say who this process is."""
    command = " ".join(["tfgen", *sys.argv[1:]])[:_COMMAND_SHOWN]
    now = datetime.now(UTC).strftime(_FORM)
    return Holder(command, os.getpid(), os.uname().nodename, _user(), now)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())


_NOBODY = "another tfgen, which left no name"
_MORE = "or give it more time: --lock-timeout SECONDS"


def _remedy(holder: Holder | None, folder: Path) -> str:
    """Say how to go on: the lock goes with its process, and there is nothing to remove."""
    if holder is None:
        return f"Wait for it, {_MORE}."
    if holder.dead:
        pids = ", ".join(map(str, left.at_work(folder)))
        who = f" (pid {pids})" if pids else ""
        return (
            f"That tfgen is dead; the engine that it had started{who} is still at work and saves "
            f"its state when it ends. Wait for it, {_MORE}."
        )
    where = "" if holder.here else f" on {holder.host}"
    return (
        f"Wait for it, {_MORE}. To end it: kill {holder.pid}{where}; the lock goes with its "
        "process, and nothing is left to be removed."
    )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _age(since: str) -> str:
    """Say since when, and how long ago that is."""
    try:
        then = datetime.strptime(since, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return f"since {since}"
    seconds = max(0, int((datetime.now(UTC) - then).total_seconds()))
    size, word = next((step for step in _STEPS if seconds >= step[0]), _STEPS[-1])
    number = seconds // size
    return f"since {since}, {number} {word}{'' if number == 1 else 's'} ago"
