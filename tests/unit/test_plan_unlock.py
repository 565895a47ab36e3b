"""A state that a dead process left locked: named, and let go of with consent alone."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place as world
from tests.fakes import terraform as fake
from tests.fakes.command import Running, running
from tests.fakes.place import Place

_WHOLE = 7
"""Objects of one Service."""
_ID = "7c2c8f30-8f6e-4f2b-a1c1-3b1f8d2c9e55"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world with one Service, rendered and planned."""
    with world.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        assert made.tfgen("render") == 0
        assert made.tfgen("plan") == 0
        yield made


def lock(place: Place) -> Path:
    """Give the file in which the fake engine keeps its lock: it outlives a kill, as a remote's."""
    return place.tree / "stacks" / "shop" / ".terraform.tfstate.lock.info"


def left_locked(place: Place, who: str = "") -> None:
    """Leave a lock behind, by default as a process of this host does that died."""
    whose = {"id": _ID, "who": who or f"root@{os.uname().nodename}"}
    lock(place).write_text(json.dumps(whose))


def children(command: Running) -> list[int]:
    """Give the processes that a command has started."""
    tasks = Path(f"/proc/{command.process.pid}/task").glob("*/children")
    return [int(pid) for path in tasks for pid in path.read_text().split()]


def test_an_engine_that_is_killed(shop: Place) -> None:
    """The next run names the lock, its dead holder and the consent; with it the job is finished."""
    gate = shop.folder / "gate"
    gate.touch()
    shop.engine.behave(fake.Behaviour(waits=str(gate)))
    with running(shop, "apply", "--yes") as first:
        first.until(lock(shop).exists)
        [engine] = children(first)
        os.kill(engine, signal.SIGKILL)
        assert first.ended() == 1
    assert "the engine was killed (SIGKILL)" in first.said
    shop.engine.behave(fake.Behaviour())
    with running(shop, "run", "--yes") as second:
        assert second.ended() == 1
    assert "Error acquiring the state lock" in second.said
    assert "what was applied stands; to write back what failed: tfgen publish" in second.said
    assert f"Who:       root@{os.uname().nodename}" in second.said
    assert (
        "Its holder is dead: it was of this host, and no engine works at stack shop" in second.said
    )
    assert "Run the same command again with --break-lock shop (by hand: terraform " in second.said
    with running(shop, "run", "--yes", "--break-lock", "shop") as third:
        assert third.ended() == 0
    assert "agreed: the state of stack shop is free: it was locked by root@" in third.said
    assert not lock(shop).exists()
    assert shop.objects("shop") == _WHOLE


@pytest.mark.parametrize("command", ["plan", "apply --yes", "sync", "run --yes"])
def test_whatever_drives_an_engine_takes_the_consent(shop: Place, command: str) -> None:
    """The flag is the same everywhere."""
    left_locked(shop)
    assert shop.tfgen(*command.split(), "--break-lock", "shop") in {0, 3}
    assert not lock(shop).exists()


def test_without_consent_no_lock_is_broken(shop: Place) -> None:
    """However dead its holder is, a lock stays until a person says so."""
    left_locked(shop)
    assert shop.tfgen("apply", "--yes") == 1
    assert lock(shop).exists()


def test_a_holder_on_another_host(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be seen from here may be alive: consent is not enough."""
    left_locked(shop, "root@ci-7")
    assert shop.tfgen("plan", "--break-lock", "shop") == 3
    said = capsys.readouterr().err
    assert f"the state of stack shop is locked by root@ci-7 (lock {_ID}" in said
    assert "may be alive: it is of host ci-7, which cannot be seen from" in said
    assert f"if it died: terraform -chdir=infra/stacks/shop force-unlock {_ID}" in said
    assert lock(shop).exists()
    assert shop.tfgen("plan") == 1
    assert "Is another run at work? Then wait for it." in capsys.readouterr().err


def test_a_holder_that_is_at_work(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who runs the engine by hand, in whatever checkout, is not cut off."""
    gate = shop.folder / "gate"
    gate.touch()
    shop.engine.behave(fake.Behaviour(waits=str(gate)))
    line = [str(shop.engine.path), "apply", "-json", "tfgen.tfplan"]
    with byhand(line, shop.tree / "stacks" / "shop") as engine:
        while not lock(shop).exists():
            assert engine.poll() is None
        assert shop.tfgen("plan", "--break-lock", "shop") == 3
        said = capsys.readouterr().err
        assert f"may be alive: terraform (pid {engine.pid}) is at work in " in said
        gate.unlink()
        assert engine.wait() == 0
    assert shop.objects("shop") == _WHOLE


@contextlib.contextmanager
def byhand(line: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the engine as a person does."""
    with subprocess.Popen(line, cwd=folder, stdout=subprocess.DEVNULL) as engine:
        try:
            yield engine
        finally:
            engine.kill()


def test_nothing_to_break(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody holds the state that is told, and the command goes on."""
    assert shop.tfgen("plan", "--break-lock", "shop") == 0
    said = capsys.readouterr().err
    assert "agreed: nobody holds the state of stack shop: no lock was broken" in said


def test_an_unknown_stack(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A stack that the tree does not have is an error, before anything is done."""
    assert shop.tfgen("plan", "--break-lock", "shp") == 1
    assert "shp" in capsys.readouterr().err
