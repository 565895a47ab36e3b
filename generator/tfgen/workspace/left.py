"""Processes that killed ones left at work in a folder, as far as this host shows them (Linux)."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")
_PROVIDER = "terraform-provider-"


def at_work(folder: Path) -> Iterator[int]:
    """Give the processes of this host that work in a folder, as far as they can be seen."""
    place = folder.resolve()
    for entry in sorted(_PROCESSES.glob("[0-9]*/cwd")):
        with contextlib.suppress(OSError):
            if entry.readlink() == place and int(entry.parent.name) != os.getpid():
                yield int(entry.parent.name)


def end_providers(folder: Path, lock: Path) -> None:
    """End the providers that have a lock from an engine which is gone.

    A provider whose engine was killed answers to nobody. At its next line of log it would end by
    itself (a broken pipe); one that is idle writes none, and would keep the lock for good.
    """
    pids = [*at_work(folder)]
    for pid in pids:
        if _is_left(pid, pids, lock.resolve()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _is_left(pid: int, others: list[int], lock: Path) -> bool:
    place = _PROCESSES / str(pid)
    try:
        mine = (place / "exe").readlink().name.startswith(_PROVIDER)
        has_lock = lock in {each.readlink() for each in (place / "fd").iterdir()}
        return mine and has_lock and _parent(place) not in others
    except OSError:
        return False


def _parent(place: Path) -> int:
    """Give the process that started one, or took it over."""
    after_name = (place / "stat").read_text().rpartition(")")[2]
    return int(after_name.split()[1])
