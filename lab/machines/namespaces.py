"""Network namespaces: their commands and their processes."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from lab import commands

PLACE = Path("/run/netns")


def exists(netns: str) -> bool:
    """Whether the namespace is there and can be entered.

    The mount of a namespace is lost when the machine restarts; an empty file of its name stays.
    """
    try:
        return (PLACE / netns).stat().st_dev != PLACE.stat().st_dev
    except FileNotFoundError:
        return False


def add(netns: str) -> None:
    """Make a namespace with its loopback up; one that is there already is kept."""
    if not exists(netns):
        (PLACE / netns).unlink(missing_ok=True)
        commands.run("ip", "netns", "add", netns)
    batch(netns, "link set lo up")


def delete(netns: str) -> None:
    """End every process of a namespace, then the namespace."""
    kill_all_in(netns)
    commands.run("ip", "netns", "del", netns, check=False)
    (PLACE / netns).unlink(missing_ok=True)


def named(prefix: str) -> list[str]:
    """Give the namespaces, dead ones too, whose names begin with `prefix`."""
    if not PLACE.is_dir():
        return []
    return sorted(entry.name for entry in PLACE.iterdir() if entry.name.startswith(prefix))


def batch(netns: str, *lines: str) -> None:
    """Several `ip` commands in one namespace, by one process."""
    commands.run("ip", "-n", netns, "-batch", "-", stdin="\n".join(lines) + "\n")


def run_in(netns: str, *command: str | Path, stdin: str | None = None) -> str:
    """Run a program inside a namespace; CommandError if it fails."""
    return commands.run("ip", "netns", "exec", netns, *command, stdin=stdin)


def pids_in(netns: str) -> list[int]:
    """Give the processes that live in a namespace, without this one."""
    try:
        inode = (PLACE / netns).stat().st_ino
    except FileNotFoundError:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "ns/net").stat().st_ino == inode:
                found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]


def kill_all_in(netns: str) -> None:
    """End every process of a namespace: TERM, and KILL after a second."""
    for attempt in range(100):
        left = pids_in(netns)
        if not left:
            return
        if attempt in {0, 50}:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if attempt else signal.SIGTERM)
        time.sleep(0.02)


@contextlib.contextmanager
def short(path: Path) -> Iterator[str]:
    """Give the same path in a form that fits the address of a unix socket (108 bytes)."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
