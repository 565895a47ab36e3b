import sys
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from lab import LabError, supervision
from lab.services.record import Service
from lab.settings import Settings

HARD = '100% "quoted" \\back\\slash, comma'


def service(**more: object) -> Service:
    """A service that is never started."""
    values = {
        "name": "hard",
        "version": "1",
        "address": "-",
        "command": (sys.executable, "-c", f"print({HARD!r})"),
        "ready": lambda: True,
        **more,
    }
    return Service(**values)  # type: ignore[arg-type] # kept short


def test_supervisor_reads_what_we_mean(settings: Settings) -> None:
    """Commands and variables with quotes, per cent signs and commas come through unchanged."""
    for folder in (settings.etc, settings.log, settings.run, settings.state):
        folder.mkdir(parents=True)
    text = supervision.configuration(settings, [service(environment={"HARD": HARD})])
    file = settings.etc / "supervisord.conf"
    file.write_text(text)
    options = ServerOptions()
    options.realize(["-c", str(file)])
    (group,) = options.process_group_configs
    (program,) = group.process_configs
    assert program.environment["HARD"] == HARD
    assert program.autorestart is False
    assert not program.autostart
    assert HARD in program.command.replace("\\\\", "\\")


def test_a_changed_file_is_another_service(tmp_path: Path) -> None:
    """By the digest supervisor notices that what a service reads has changed."""
    file = tmp_path / "a.conf"
    file.write_text("one")
    before = supervision.environment_text(service(reads=(file,)))
    file.write_text("two")
    assert supervision.environment_text(service(reads=(file,))) != before


def test_what_cannot_be_said_to_supervisor() -> None:
    """A semicolon would begin a comment, and there are no escapes: refused, not cut off."""
    with pytest.raises(LabError, match="comment"):
        supervision.escape("a; b")
    with pytest.raises(LabError, match="both kinds of quotes"):
        supervision.quote('it\'s "quoted"')


def test_nothing_runs_without_supervisord(settings: Settings) -> None:
    """A laboratory that was never started has no processes, and says so without an error."""
    supervisor = supervision.Supervisor(settings)
    assert supervisor.pid() is None
    assert supervisor.states() == {}
    assert not supervisor.state("keystone").running
