"""Stopping the laboratory, and throwing it away."""

import shutil
from pathlib import Path

from lab import errors, orphans, say, start
from lab.machines import cloud
from lab.machines.site import Site
from lab.settings import Settings, saved_file
from lab.supervision import Supervisor

# What goes first: who makes work for the others, so that work under way can be finished.
FIRST = ("occm", "node-ports", "octavia", "octavia-worker", "agent")
# What goes last: what the others write to.
LAST = ("mariadb", "etcd")
# All that a laboratory writes, but for the lock, which whoever removes these holds.
WRITTEN = ("etc", "log", "run", "state", "demo", "lab.json")


def down(settings: Settings, reporter: say.Reporter, *, wipe: bool) -> None:
    """Stop everything, also what was left behind; with `wipe` the state goes too.

    Raises LabError if a folder is to be wiped that is no laboratory's.
    """
    if not settings.home.is_dir():
        reporter.line(f"there is no laboratory in {settings.home}")
        return
    if wipe:
        check_ours(settings)
    with start.locked(settings):
        stop_services(settings)
        verdict = orphans.judge(
            orphans.every(),
            home=settings.home,
            port=settings.port,
            supervisor=None,
            exists=Path.is_dir,
        )
        orphans.end(process for process in verdict.orphans if process.home == settings.home)
        if not verdict.rivals:  # else the namespaces of this name are theirs
            cloud.down(Site(settings.home, settings.prefix))
        if wipe:
            erase(settings)
    reporter.line("stopped and wiped" if wipe else "stopped; the state is kept")


def stop_services(settings: Settings) -> None:
    """Stop what is supervised, in the order of who needs whom."""
    supervisor = Supervisor(settings)
    running = {name for name, state in supervisor.states().items() if state.running}
    supervisor.stop(*running.intersection(FIRST))
    supervisor.stop(*running.difference(FIRST, LAST))
    supervisor.stop(*running.intersection(LAST))
    supervisor.shutdown()


def check_ours(settings: Settings) -> None:
    """Raise LabError if no laboratory was ever in the folder, and something else is."""
    others = {entry.name for entry in settings.home.iterdir()} - {start.LOCK}
    if others and not saved_file(settings.home).exists():
        raise errors.LabError(
            f"{settings.home} is no laboratory's folder: it has no {saved_file(settings.home).name}"
            "; nothing is removed. Is LAB_HOME what you mean?"
        )


def erase(settings: Settings) -> None:
    """Remove all that the laboratory wrote, and nothing that somebody else put beside it."""
    for entry in (settings.home / name for name in WRITTEN):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)
