"""Processes that a laboratory left behind, told from those that are at work.

Every process of a laboratory carries its folder and its port in its environment
(lab.machines.site). So whatever has died, and whichever checkout was deleted, what is left can be
recognised.
"""

import contextlib
import dataclasses
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from lab import errors, ports
from lab.machines.site import HOME_VARIABLE, PORT_VARIABLE
from lab.settings import Settings

TERM_SECONDS = 5.0
# Where to look for free ports; above is the range of which the kernel gives to clients.
STEP = 1000
LAST_BASE = 32000
# The program name of the data plane's haproxies, which belong to no supervisord: they are started
# by Octavia's worker and outlive it, as amphorae do.
AMPHORA_PROGRAM = "haproxy"


@dataclasses.dataclass(frozen=True, slots=True)
class Process:
    """A process of some laboratory."""

    pid: int
    name: str
    home: Path
    port: int
    # Its parents, nearest first.
    ancestors: tuple[int, ...]
    is_supervisor: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Who is to go, and who is in the way."""

    orphans: tuple[Process, ...]
    # The folders of living laboratories, others than ours, that have our ports.
    rivals: tuple[Path, ...]


def judge(
    processes: Iterable[Process],
    *,
    home: Path,
    port: int,
    supervisor: int | None,
    exists: Callable[[Path], bool],
) -> Verdict:
    """Tell orphans from the living. `supervisor` is the pid of our supervisord, if it answers.

    Of our own folder, whatever our supervisord does not watch is an orphan; so is what another
    laboratory with our ports left, if its folder or its supervisord is gone.
    """
    found = list(processes)
    living = {p.home for p in found if p.home != home and p.is_supervisor and exists(p.home)}
    ours = [p for p in found if p.home == home and not is_watched(p, supervisor)]
    theirs = [p for p in found if p.home != home and p.port == port and p.home not in living]
    rivals = {p.home for p in found if p.home in living and p.port == port}
    return Verdict((*ours, *theirs), tuple(sorted(rivals)))


def is_watched(process: Process, supervisor: int | None) -> bool:
    """Whether a process of our own folder is as it should be."""
    if supervisor is None:
        return False
    watched = supervisor == process.pid or supervisor in process.ancestors
    return watched or process.name == AMPHORA_PROGRAM


def every() -> list[Process]:
    """List the processes of all laboratories on this machine, but those that run this command."""
    me = psutil.Process()
    ours = {me.pid, *(parent.pid for parent in me.parents())}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            variables = process.environ()
            if HOME_VARIABLE in variables and process.pid not in ours and sees_our_files(process):
                found.append(to_process(process, variables))
    return found


def sees_our_files(process: psutil.Process) -> bool:
    """Whether a process has our root folder: in a container's, a path means something else.

    Raises OSError if it ends meanwhile or is not ours to look at.
    """
    theirs, ours = Path(f"/proc/{process.pid}/root").stat(), Path("/").stat()
    return (theirs.st_dev, theirs.st_ino) == (ours.st_dev, ours.st_ino)


def to_process(process: psutil.Process, variables: dict[str, str]) -> Process:
    """Give a process of a laboratory, as our record. Raises psutil.Error if it ends meanwhile."""
    return Process(
        pid=process.pid,
        name=process.name(),
        home=Path(variables[HOME_VARIABLE]),
        port=int(variables.get(PORT_VARIABLE, "0")),
        ancestors=tuple(parent.pid for parent in process.parents()),
        is_supervisor="supervisor.supervisord" in process.cmdline(),
    )


def end(processes: Iterable[Process]) -> None:
    """End processes: TERM, and KILL for those that stay."""
    alive = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found = psutil.Process(process.pid)
            if found.environ().get(HOME_VARIABLE) == os.fspath(process.home):  # not a reused pid
                found.terminate()
                alive.append(found)
    _, stubborn = psutil.wait_procs(alive, TERM_SECONDS)
    for remaining in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            remaining.kill()
    psutil.wait_procs(stubborn, TERM_SECONDS)


def check_rivals(verdict: Verdict, settings: Settings) -> None:
    """Raise LabError if a living laboratory has our ports, by the name of its folder."""
    if verdict.rivals:
        folders = ", ".join(map(str, verdict.rivals))
        raise errors.LabError(
            f"ports {settings.port} to {settings.port + ports.BLOCK - 1} belong to the laboratory "
            f"in {folders}, which is running. Stop that one, or give this one other ports: "
            f"LAB_PORT={free_base(settings.port)} python -m lab up"
        )


def check_strangers(settings: Settings) -> None:
    """Raise LabError if a program that is no laboratory's holds one of our ports."""
    wanted = {ports.number(settings.port, p): p for p in ports.Port if p not in ports.OPTIONAL}
    known = {process.pid for process in every()}
    for connection in psutil.net_connections("tcp"):
        if connection.status != psutil.CONN_LISTEN or connection.pid in known:
            continue
        number = connection.laddr.port if connection.laddr else 0
        if name := wanted.get(number):
            raise errors.LabError(
                f"port {number} ({name.name.lower()}) is held by "
                f"{program_name(connection.pid)}, which is no laboratory's. Stop it, or give the "
                f"laboratory other ports: LAB_PORT={free_base(settings.port)} python -m lab up"
            )


def free_base(taken: int) -> int:
    """Give the next round number from which on a block of ports is free."""
    held = {c.laddr.port for c in psutil.net_connections("tcp") if c.laddr}
    bases = range(taken + STEP, LAST_BASE, STEP)
    return next((b for b in bases if held.isdisjoint(range(b, b + ports.BLOCK))), taken + STEP)


def program_name(pid: int | None) -> str:
    """`name (pid 7)` of a process."""
    with contextlib.suppress(psutil.Error):
        if pid is not None:
            return f"{psutil.Process(pid).name()} (pid {pid})"
    return "another program"
