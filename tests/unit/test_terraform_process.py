import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tfgen import errors
from tfgen.terraform import process
from tfgen.terraform.interruption import Interruption


def invocation(program: str, folder: Path, **rest: object) -> process.Invocation:
    """Give an invocation of a Python program."""
    values: dict[str, object] = {
        "timeout": 20.0,
        "interruption": Interruption(),
        "environment": {"PATH": os.environ["PATH"]},
        **rest,
    }
    return process.Invocation((sys.executable, "-SEc", program), folder, **values)  # type: ignore[arg-type]  # a test's shorthand


def test_lines_come_as_they_are_printed(tmp_path: Path) -> None:
    """A line is handed out while the command still runs."""
    seen: list[float] = []
    program = "import time\nprint('one', flush=True)\ntime.sleep(0.5)\nprint('two')"
    process.stream(invocation(program, tmp_path), lambda _line: seen.append(time.monotonic()))
    assert len(seen) == 2
    assert seen[1] - seen[0] > 0.3


def test_output_whole(tmp_path: Path) -> None:
    """Output, the end of stderr and the exit code come back, also without a last line end."""
    program = "import sys\nprint('a')\nprint('b', end='')\nsys.stderr.write('why')\nsys.exit(3)"
    finished = process.run(invocation(program, tmp_path))
    assert finished == process.Finished(3, "a\nb", "why")


def test_much_noise_blocks_nothing(tmp_path: Path) -> None:
    """Megabytes on both streams neither stop the command nor fill the memory with stderr."""
    program = (
        "import sys\nfor _ in range(300): sys.stderr.write('x' * 9999); print('y' * 9999)\n"
        "sys.stderr.write('the end')"
    )
    finished = process.run(invocation(program, tmp_path))
    assert finished.stdout.count("\n") == 300
    assert finished.stderr.endswith("the end")
    assert len(finished.stderr) <= 65536


def test_environment_is_exactly_what_is_given(tmp_path: Path) -> None:
    """Nothing of our own environment reaches the command."""
    program = "import os\nprint(sorted(set(os.environ) - {'LC_CTYPE', '__CF_USER_TEXT_ENCODING'}))"
    finished = process.run(invocation(program, tmp_path, environment={"ONLY": "this"}))
    assert finished.stdout.strip() == "['ONLY']"


def test_private_files(tmp_path: Path) -> None:
    """What a private command writes is for its owner only."""
    process.run(invocation("open('plan', 'w')", tmp_path, private=True))
    process.run(invocation("open('other', 'w')", tmp_path))
    assert (tmp_path / "plan").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "other").stat().st_mode & 0o077


def test_time_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command whose time is up is interrupted, may save its work, and is an error."""
    program = (
        "import signal, sys, time\n"
        "def save(*_): open('saved', 'w'); sys.exit(1)\n"
        "signal.signal(signal.SIGINT, save)\n"
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    clock = [0.0]
    monkeypatch.setattr(process, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def on_line(_ready: str) -> None:
        clock[0] = 2.0

    with pytest.raises(errors.EngineError, match="did not end within 1 s"):
        process.stream(invocation(program, tmp_path, timeout=1.0), on_line)
    assert (tmp_path / "saved").exists()


def test_interrupts_are_handed_on(tmp_path: Path) -> None:
    """Each signal that we get reaches the command once."""
    program = (
        "import signal, sys, time\ngot = []\n"
        "def note(number, _):\n"
        "    got.append(number)\n"
        "    print(number, flush=True)\n"
        "    if len(got) > 1: sys.exit(1)\n"
        "signal.signal(signal.SIGINT, note)\nsignal.signal(signal.SIGTERM, note)\n"
        "print('ready', flush=True)\nwhile True: time.sleep(0.01)"
    )
    interruption = Interruption()
    lines: list[str] = []

    def on_line(line: str) -> None:
        lines.append(line.strip())
        if line.strip() == "ready":
            interruption.receive(signal.SIGINT)
        elif len(lines) == 2:
            interruption.receive(signal.SIGTERM)

    process.stream(invocation(program, tmp_path, interruption=interruption), on_line)
    assert lines == ["ready", str(int(signal.SIGINT)), str(int(signal.SIGTERM))]


def test_nothing_starts_after_an_interrupt(tmp_path: Path) -> None:
    """Once someone has asked to end, no further command starts."""
    interruption = Interruption()
    interruption.receive(signal.SIGINT)
    with pytest.raises(errors.Interrupted, match="not started"):
        process.run(invocation("open('made', 'w')", tmp_path, interruption=interruption))
    assert not (tmp_path / "made").exists()


def test_a_terminal_interrupt_does_not_reach_it_by_itself(tmp_path: Path) -> None:
    """The command has a process group of its own."""
    finished = process.run(invocation("import os\nprint(os.getpgrp(), os.getpid())", tmp_path))
    group, own = finished.stdout.split()
    assert group == own


def test_an_error_of_ours_leaves_nothing_running(tmp_path: Path) -> None:
    """Where handling a line fails, the command is interrupted and waited for."""
    program = (
        "import os, time\nprint(os.getpid(), flush=True)\n"
        "try: time.sleep(60)\n"
        "finally: open('ended', 'w')"
    )

    def on_line(_line: str) -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        process.stream(invocation(program, tmp_path), on_line)
    assert (tmp_path / "ended").exists()


def test_what_cannot_be_started(tmp_path: Path) -> None:
    """A command that is no program is an error that names it."""
    with pytest.raises(errors.EngineError, match="nothing show cannot be started"):
        process.run(
            process.Invocation(
                (str(tmp_path / "nothing"), "show"), tmp_path, {}, 1.0, Interruption()
            )
        )


def test_signals_are_taken_over_for_a_while() -> None:
    """While we listen a signal is counted and kills nobody; afterwards all is as before."""
    before = signal.getsignal(signal.SIGINT)
    interruption = Interruption()
    assert not interruption
    with interruption.listening():
        assert threading.current_thread() is threading.main_thread()
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGINT) is before
    assert interruption
    assert interruption.after(0) == (signal.SIGINT, signal.SIGTERM)
    assert interruption.after(1) == (signal.SIGTERM,)


def test_no_place_for_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for temporary files that cannot be used is said, with the way to another one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(process.NotStarted, match="no place for an engine's output") as caught:
        process.run(invocation("", tmp_path))
    assert "TMPDIR" in caught.value.remedy
