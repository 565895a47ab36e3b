"""Bringing the laboratory up: what is missing is made and started, what is there is left alone."""

import contextlib
import functools
import shutil
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import filelock

from lab import (
    certificates,
    commands,
    config,
    database,
    errors,
    first,
    graph,
    orphans,
    preflight,
    say,
)
from lab.graph import Task
from lab.machines import cloud
from lab.machines.site import Site
from lab.services import table
from lab.services.record import Service
from lab.settings import Settings
from lab.software import install, schemas
from lab.supervision import Supervisor

LOCK = "lab.lock"
LOCK_SECONDS = 900


def up(settings: Settings, reporter: say.Reporter) -> None:
    """Bring the laboratory up. Raises LabError with what is missing or what did not come up."""
    preflight.check(settings)
    with locked(settings):
        clear(settings, reporter)
        settings.save()
        settings.apply_build_seconds()
        graph.run(install.tasks(settings, reporter), reporter)
        config.write_all(settings)
        again = supervise(settings, reporter)
        graph.run(tasks(settings, again), reporter)


@contextlib.contextmanager
def locked(settings: Settings, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """One command at a time changes a laboratory. Raises LabError if another takes too long."""
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(settings.home / LOCK)
    try:
        lock.acquire(timeout=seconds)
    except filelock.Timeout as error:
        raise errors.LabError(
            f"another command has been at work on {settings.home} for {seconds:.0f} s (its lock is "
            f"{LOCK}); wait for it, or end it"
        ) from error
    try:
        yield
    finally:
        lock.release()


def clear(settings: Settings, reporter: say.Reporter) -> None:
    """Remove what dead laboratories left; refuse if a living one or a stranger has our ports."""
    pid = Supervisor(settings).pid()
    verdict = orphans.judge(
        orphans.every(),
        home=settings.home,
        port=settings.port,
        supervisor=pid,
        exists=Path.is_dir,
    )
    orphans.check_rivals(verdict, settings)
    if verdict.orphans:
        names = ", ".join(sorted({process.name for process in verdict.orphans}))
        reporter.line(f"ending {len(verdict.orphans)} processes left behind: {names}")
        orphans.end(verdict.orphans)
    orphans.check_strangers(settings)
    if pid is None:
        # Namespaces of an earlier run, ours or another's, and the sockets and locks of ours.
        cloud.down(Site(settings.home, settings.prefix))
        shutil.rmtree(settings.run, ignore_errors=True)


def supervise(settings: Settings, reporter: say.Reporter) -> list[str]:
    """Have a supervisord with the services of the table; which were stopped, to be started anew."""
    supervisor = Supervisor(settings)
    services = table.services(settings).values()
    if supervisor.pid() is None:
        supervisor.launch(services)
    stopped = supervisor.apply(services)
    if stopped:
        reporter.line(f"what they read has changed, starting anew: {', '.join(stopped)}")
    return stopped


def tasks(settings: Settings, again: Sequence[str] = ()) -> Iterator[Task]:
    """All there is to do, with what has to be done before; `again` are optional services, too."""
    supervisor = Supervisor(settings)
    running = {name for name, state in supervisor.states().items() if state.running}
    yield Task("certificates", lambda: certificates.make(settings))
    yield Task("database files", lambda: database.lay(settings, schemas.folder()))
    yield Task("bootstrap", lambda: database.bootstrap(settings), ("mariadb",))
    yield Task("rabbitmq files", lambda: first.rabbitmq_files(settings))
    yield Task("data plane", lambda: data_plane(settings, supervisor))
    yield Task("identity", lambda: first.identity(settings), ("keystone",))
    yield Task("networks", lambda: first.networks(settings), ("identity", "neutron"))
    yield Task("choices", lambda: first.choices(settings), ("networks", "octavia"))
    yield Task("cluster nodes", lambda: first.cluster_nodes(settings), ("kube-apiserver",))
    for service in table.services(settings).values():
        if not service.optional or service.name in again:
            begin = functools.partial(start, supervisor, service, ask=must_ask(service, running))
            yield Task(service.name, begin, service.after)


def must_ask(service: Service, running: Collection[str]) -> bool:
    """Whether a service must say that it is ready, although it was up; `running` is what was."""
    return service.ask_again or any(name not in running for name in service.ask_after)


def start(supervisor: Supervisor, service: Service, *, ask: bool = True) -> str:
    """Start a service that is down, and wait until it is ready; what to say of it.

    Without `ask`, one that was running is taken to be ready.
    """
    begin = time.monotonic()
    started = supervisor.start(service.name)
    if not started and not ask:
        return ""
    while not service.ready():
        waited = time.monotonic() - begin
        running = supervisor.state(service.name).running
        if not running or waited > service.patience:
            what = "is not ready" if running else "has ended"
            log = supervisor.log(service.name)
            raise errors.LabError(
                f"{what} after {waited:.0f} s; {log} ends with:\n{commands.tail(log)}"
            )
        time.sleep(0.1)
    return f"{service.name} is up" if started else ""


def data_plane(settings: Settings, supervisor: Supervisor) -> str:
    """Namespaces, and the amphorae of an earlier run; made anew if half of it is gone."""
    site = Site(settings.home, settings.prefix)
    if cloud.is_up(site):
        mended = cloud.mend(site)
        return f"{mended} amphorae brought back" if mended else ""
    supervisor.stop("nodes", "agent")
    cloud.down(site)
    cloud.up(site)
    return "data plane is there"
