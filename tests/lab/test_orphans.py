import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lab import LabError, orphans
from lab.orphans import Process, Verdict
from lab.settings import Settings

OURS, THEIRS = Path("/ours/.lab"), Path("/theirs/.lab")
PORT = 15000


def process(pid: int, home: Path = OURS, **more: object) -> Process:
    """A process of a laboratory, started by supervisord 1."""
    values = {"name": "gunicorn", "port": PORT, "ancestors": (1,), "is_supervisor": False, **more}
    return Process(pid=pid, home=home, **values)  # type: ignore[arg-type] # kept short


def judge(
    *processes: Process, supervisor: int | None = 1, homes: tuple[Path, ...] = (OURS, THEIRS)
) -> Verdict:
    """Judge as the laboratory in OURS."""
    return orphans.judge(
        processes,
        home=OURS,
        port=PORT,
        supervisor=supervisor,
        exists=lambda home: home in homes,
    )


def pids(verdict: Verdict) -> list[int]:
    """Who is to go."""
    return [found.pid for found in verdict.orphans]


def test_what_is_watched_stays() -> None:
    """Supervisord, its children and their children are at work."""
    found = judge(
        process(1, is_supervisor=True, ancestors=(0,)), process(2), process(3, ancestors=(2, 1))
    )
    assert found == Verdict((), ())


def test_what_a_dead_supervisord_left_goes() -> None:
    """After kill -9 of supervisord, all its processes and the load balancers' haproxies go."""
    assert pids(judge(process(2), process(3, name="haproxy"), supervisor=None)) == [2, 3]


def test_what_an_earlier_supervisord_left_goes() -> None:
    """A process with another parent than the living supervisord is an orphan."""
    assert pids(judge(process(2, ancestors=(7,)), process(3))) == [2]


def test_load_balancers_outlive_their_worker() -> None:
    """A haproxy belongs to an amphora, not to the process that started it."""
    assert pids(judge(process(2, name="haproxy", ancestors=()))) == []


def test_a_living_laboratory_with_our_ports() -> None:
    """It is named and left alone."""
    living = process(9, THEIRS, is_supervisor=True)
    found = judge(living, process(10, THEIRS, ancestors=(9,)), supervisor=None)
    assert found == Verdict((), (THEIRS,))


def test_a_living_laboratory_with_other_ports() -> None:
    """It is none of our business."""
    living = process(9, THEIRS, is_supervisor=True, port=17000)
    assert judge(living) == Verdict((), ())


def test_a_laboratory_whose_checkout_was_deleted() -> None:
    """Its processes hold our ports for nobody."""
    living = process(9, THEIRS, is_supervisor=True)
    assert judge(living, homes=(OURS,), supervisor=None) == Verdict((living,), ())


def test_a_laboratory_that_crashed() -> None:
    """Without a supervisord, what is left of it is nobody's."""
    assert pids(judge(process(10, THEIRS), supervisor=None)) == [10]


def test_the_message_names_the_folder(settings: Settings) -> None:
    """Who finds the ports taken is told by which folder, and what to do."""
    with pytest.raises(LabError, match=rf"{THEIRS}, which is running.*LAB_PORT=\d+"):
        orphans.check_rivals(Verdict((), (THEIRS,)), settings)


@contextlib.contextmanager
def running(**variables: str) -> Iterator[subprocess.Popen[str]]:
    """Have a process with these variables in its environment meanwhile."""
    words = ["sh", "-c", "echo here; exec sleep 60"]
    with subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()


def test_processes_are_told_by_their_environment(settings: Settings) -> None:
    """A process that carries a laboratory's variables is that laboratory's; another is nobody's."""
    home = str(settings.home)
    with (
        running(TFGEN_LAB_HOME=home, TFGEN_LAB_PORT="17000") as ours,
        running(HOME=home, PATH="/bin") as stranger,
    ):
        found = {process.pid: process for process in orphans.every()}
        assert (found[ours.pid].home, found[ours.pid].port) == (settings.home, 17000)
        assert stranger.pid not in found
        orphans.end([found[ours.pid]])
        ours.wait(timeout=10)
        assert not psutil.pid_exists(ours.pid)
        assert stranger.poll() is None


def test_a_pid_that_is_somebody_elses_by_now(settings: Settings) -> None:
    """What was found and has ended is not ended twice: its pid may be another program's."""
    with running(HOME=str(settings.home)) as stranger:
        orphans.end([process(stranger.pid, settings.home)])
        assert stranger.poll() is None
