"""What a signal does to a command that runs: as a process, over a world on loopback."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place as world
from tests.fakes import terraform as fake
from tests.fakes.command import running
from tests.fakes.place import Place
from tfgen import __main__ as program
from tfgen import cli

pytestmark = pytest.mark.processes


@pytest.fixture
def rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world with two Services in two stacks, rendered."""
    with world.running(tmp_path, monkeypatch) as made:
        made.service("blog/www")
        made.service("shop/web")
        assert made.tfgen("render") == 0
        yield made


@pytest.fixture
def place(rendered: Place) -> Place:
    """That world, planned."""
    assert rendered.tfgen("plan") == 0
    return rendered


def stack(place: Place, name: str) -> Path:
    """Give a stack's folder."""
    return place.tree / "stacks" / name


def plans(place: Place) -> list[str]:
    """Give the stacks that have a saved plan."""
    return sorted(path.parent.name for path in place.tree.rglob("tfgen.tfplan"))


def locks(place: Place) -> list[Path]:
    """Give the states' locks that are held."""
    return list(place.tree.rglob("*.lock.info"))


def test_a_job_that_is_ended_in_the_middle_of_an_apply(place: Place) -> None:
    """SIGTERM: the engine saves its state; what had not begun keeps its saved plan, and is told."""
    place.engine.behave(fake.Behaviour(seconds=0.3))
    with running(place, "apply", "--yes", "--jobs", "1") as command:
        command.until(lambda: "blog/www  creating" in command.said)
        assert command.end(signal.SIGTERM) == 130
    assert (stack(place, "blog") / "terraform.tfstate").exists()
    assert plans(place) == ["shop"]
    assert locks(place) == []
    assert "interrupted: stack shop was not begun\n" in command.said
    assert "Its saved plan stays; to apply it: tfgen apply" in command.said
    assert "done before: stack blog " in command.said
    assert "stack shop 0 objects" not in command.said
    place.engine.behave(fake.Behaviour())
    assert place.tfgen("apply", "--yes") == 0
    assert (stack(place, "shop") / "terraform.tfstate").exists()


def test_an_interrupt_reaches_every_engine(place: Place) -> None:
    """Ctrl-C with several stacks at work: each saves its state and lets go of its lock."""
    place.engine.behave(fake.Behaviour(seconds=0.5))
    with running(place, "apply", "--yes") as command:
        command.until(lambda: command.said.count(" creating ") >= 2)
        assert command.end(signal.SIGINT) == 130
    assert locks(place) == []
    for name in ("blog", "shop"):
        assert (stack(place, name) / "terraform.tfstate").exists()
        assert f"interrupted: stack {name}: its apply did not come to an end" in command.said
    place.engine.behave(fake.Behaviour())
    assert place.tfgen("run", "--yes") == 0


def test_an_interrupt_before_the_question(place: Place) -> None:
    """Who interrupted while saved plans were looked at is not asked; they stay."""
    place.engine.behave(fake.Behaviour(hangs="show"))
    with running(place, "apply", "--yes") as command:
        command.until(place.engine.path.with_suffix(".hangs").exists)
        assert command.end(signal.SIGINT) == 130
    assert "nothing was applied\nThe saved plans stay; to apply them: tfgen apply" in command.said
    assert plans(place) == ["blog", "shop"]


@pytest.mark.parametrize(
    ("command_line", "number"),
    [
        ("status --state", signal.SIGINT),
        ("status --state", signal.SIGTERM),
        ("status --state", signal.SIGHUP),
        ("explain shop/web", signal.SIGINT),
        ("publish", signal.SIGTERM),
    ],
)
def test_whoever_waits_for_an_engine_is_heard(
    rendered: Place, command_line: str, number: signal.Signals
) -> None:
    """Also where nothing is planned: the engine is told and waited for, and the program ends."""
    for name in ("blog", "shop"):
        (stack(rendered, name) / "terraform.tfstate").write_text('{"encrypted_data": "x"}')
    rendered.engine.behave(fake.Behaviour(hangs="state pull"))
    with running(rendered, *command_line.split()) as command:
        command.until(rendered.engine.path.with_suffix(".hangs").exists)
        assert command.end(number) == 130
    assert rendered.engine.ended
    assert command.said.endswith("Run the same command again.\n")
    assert "Traceback" not in command.said


def test_the_doctor_leaves_no_engine_behind(rendered: Place) -> None:
    """An interrupted doctor waits for the engine that it started."""
    rendered.engine.behave(fake.Behaviour(hangs="init"))
    with running(rendered, "doctor") as command:
        command.until(rendered.engine.path.with_suffix(".hangs").exists)
        assert command.end(signal.SIGINT) == 130
    assert rendered.engine.ended


def test_an_interrupt_while_the_program_loads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told as one, without a traceback."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with pytest.raises(SystemExit) as end:
            program.main()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert end.value.code == 130
    assert capsys.readouterr().err == "tfgen: interrupted\nRun the same command again.\n"
