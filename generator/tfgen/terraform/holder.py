"""Whether the holder of a state's lock is dead: seen from here, never guessed."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from tfgen.terraform.held import Lock

_PROCESSES = Path("/proc")
_ENGINES = frozenset({"terraform", "tofu"})
_BACKEND, _LOCAL = "backend.tf", b'backend "local"'
_LOOKED_AT = 8
"""Words of a command line in which an engine's name may stand, behind a shell or `timeout`."""


def alive(lock: Lock, folder: Path, engine: str) -> str:
    """Say why the holder may be alive; empty where it is dead.

    It is where it was of this host, and no engine works here at that state: in the stack's folder,
    or in another checkout's, which has the same backend. An engine whose folder cannot be seen may
    be it. A provider that outlived its engine holds no lock.
    """
    if lock.host != os.uname().nodename:
        return f"it is of host {lock.host}, which cannot be seen from {os.uname().nodename}"
    if not (_PROCESSES / "self" / "cwd").exists():
        return "the processes of this host cannot be seen"
    names = _ENGINES | {Path(engine).name}
    return next((why for each in _others() if (why := _at_work(each, folder, names))), "")


def _others() -> Iterator[Path]:
    for place in _PROCESSES.glob("[0-9]*"):
        if place.name != str(os.getpid()):
            yield place


def _at_work(process: Path, folder: Path, names: frozenset[str]) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""  # it has ended
    called = [Path(word).name for word in words[:_LOOKED_AT] if word]
    name = next((one for one in called if one in names), "")
    if not name:
        return ""
    try:
        place = (process / "cwd").readlink()
    except PermissionError:
        return f"{name} (pid {process.name}) is another user's, whose folder cannot be seen"
    except OSError:
        return ""  # it has ended
    if not _same_state(place, folder):
        return ""
    return f"{name} (pid {process.name}) is at work in {place}"


def _same_state(one: Path, other: Path) -> bool:
    """Whether two folders are of one state: the same, or with the same backend, a remote one."""
    if one == other.resolve():
        return True
    with contextlib.suppress(OSError):
        backend = (other / _BACKEND).read_bytes()
        return backend == (one / _BACKEND).read_bytes() and _LOCAL not in backend
    return False
