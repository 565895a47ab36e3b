"""Several tfgen at one tree: on other stacks they do not meet, on the same one they take turns."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place as world
from tests.fakes import terraform as fake
from tests.fakes.command import Running, running
from tests.fakes.place import Place
from tfgen import model

pytestmark = pytest.mark.processes

_STACKS = [f"s{number}" for number in range(10)]
_WHOLE = 7
"""Objects of one Service."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world in which nothing is rendered."""
    with world.running(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def shop(place: Place) -> Place:
    """The world with one Service, rendered and planned; an apply waits at the gate."""
    place.service("shop/web")
    assert place.tfgen("render") == 0
    assert place.tfgen("plan") == 0
    gate(place).touch()
    place.engine.behave(fake.Behaviour(waits=str(gate(place))))
    return place


def gate(place: Place) -> Path:
    """Give the file for whose going an apply waits."""
    return place.folder / "gate"


def together(place: Place, *lines: str) -> list[Running]:
    """Run commands side by side to their ends."""
    with contextlib.ExitStack() as stack:
        begun = [stack.enter_context(running(place, *line.split())) for line in lines]
        for command in begun:
            command.ended()
        return begun


def test_ten_pipelines_on_ten_stacks(place: Place) -> None:
    """Each applies its own stack, all at once: all succeed, and the tree's memory is whole."""
    for name in _STACKS:
        place.service(f"{name}/web")
    assert place.tfgen("render") == 0
    assert place.tfgen("plan") == 0
    before = place.manifest()
    done = together(place, *(f"apply --yes --stack {name}" for name in _STACKS))
    assert [each.said for each in done if each.process.returncode] == []
    assert [place.objects(name) for name in _STACKS] == [_WHOLE] * 10
    assert place.manifest() == before
    assert not list(place.tree.rglob("tfgen.lock"))


def test_the_last_services_of_stacks_go_side_by_side(place: Place) -> None:
    """Every apply takes its own stack out of the tree's memory, and none puts another's back."""
    for name in _STACKS[:5]:
        place.service(f"{name}/web")
    assert place.tfgen("run", "--yes") == 0
    for name in _STACKS[:4]:
        place.cluster.services.pop(model.ServiceKey(name, "web"))
    assert place.tfgen("render", "--allow-removals", "4") == 0
    assert place.tfgen("plan", "--allow-removals", "4") == 0
    lines = (f"apply --yes --allow-removals 4 --stack {name}" for name in _STACKS[:4])
    done = together(place, *lines)
    assert [each.process.returncode for each in done] == [0] * 4, [each.said for each in done]
    assert place.manifest()["stacks"] == ["s4"]
    assert [path.name for path in (place.tree / "stacks").iterdir()] == ["s4"]


def _state_lock(shop: Place) -> Path:
    """Give what an engine leaves at its state while it applies."""
    return shop.tree / "stacks/shop/.terraform.tfstate.lock.info"


def test_two_on_one_stack(shop: Place) -> None:
    """Who has no time is told who is there, since when, and how to go on; who has it waits."""
    with running(shop, "apply", "--yes") as first:
        first.until(_state_lock(shop).exists)
        with running(shop, "plan", "--lock-timeout", "0") as second:
            assert second.ended() == 1
        with running(shop, "plan") as third:
            third.until(lambda: "waiting for another tfgen" in third.said)
            gate(shop).unlink()
            assert (first.ended(), third.ended()) == (0, 0)
    told = f"stack shop is held by `tfgen apply --yes` (pid {first.process.pid} on "
    assert told in second.said
    assert "ago)" in second.said
    assert f"To end it: kill {first.process.pid}; the lock goes with its process" in second.said
    assert "nothing changes" in third.said
    assert shop.objects("shop") == _WHOLE


def test_two_runs_at_once(shop: Place) -> None:
    """Two whole runs of one tree: both come to their end, and everything is made once."""
    gate(shop).unlink()
    done = together(shop, "run --yes", "run --yes")
    assert [each.process.returncode for each in done] == [0, 0], [each.said for each in done]
    assert shop.objects("shop") == _WHOLE
    shop.engine.behave(fake.Behaviour())
    assert shop.tfgen("plan", "--exit-code") == 0


def test_an_engine_outlives_its_tfgen(shop: Place) -> None:
    """After a kill -9 the engine goes on and keeps its stack; then the next run goes on from it."""
    with running(shop, "apply", "--yes") as first:
        first.until(_state_lock(shop).exists)
        first.end(signal.SIGKILL)
        with running(shop, "plan", "--lock-timeout", "0") as second:
            assert second.ended() == 1
        assert f"stack shop is held by `tfgen apply --yes` (pid {first.process.pid} " in second.said
        assert "That tfgen is dead; the engine that it had started (pid " in second.said
        with running(shop, "run", "--yes") as third:
            gate(shop).unlink()
            assert third.ended() == 0
    assert shop.objects("shop") == _WHOLE
    assert not list(shop.tree.rglob("tfgen.lock"))


def test_all_commands_side_by_side(place: Place) -> None:
    """Whatever meets whom, the tree's memory and files are those of one rendering."""
    for name in _STACKS[:2]:
        place.service(f"{name}/web")
    assert place.tfgen("run", "--yes") == 0
    for name in _STACKS[:3]:
        place.service(f"{name}/web", 80, 81)
    lines = ("render", "plan", "apply --yes", "publish", "sync", "run --yes")
    done = together(place, *lines)
    codes = {line: each.process.returncode for line, each in zip(lines, done, strict=True)}
    said = "\n=====\n".join(each.said for each in done)
    assert "Traceback" not in said
    assert "a bug" not in said
    assert {codes[line] for line in ("render", "plan", "publish", "run --yes")} == {0}, (
        "\n=====\n".join(said)
    )
    assert place.tfgen("run", "--yes") == 0
    assert place.tfgen("render", "--check") == 0
    assert place.tfgen("plan", "--exit-code") == 0
    assert set(place.manifest()["services"]) == {f"{name}/web" for name in _STACKS[:3]}
    assert {place.objects(name) for name in _STACKS[:3]} == {11}
