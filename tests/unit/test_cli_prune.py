"""`tfgen render --prune`: a stack without Services goes when its state says that all is gone."""

import json
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.fakes import place as world
from tests.fakes.place import Place
from tfgen import model

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> Iterator[Place]:
    """A tree whose stack shop was applied and has lost its last Service since."""
    with world.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        made.service("blog/www")
        assert made.tfgen("run", "--yes") == 0
        del made.cluster.services[model.ServiceKey("shop", "web")]
        assert made.tfgen("render") == 0
        capsys.readouterr()
        yield made


def state(place: Place) -> Path:
    """Where the state of stack shop lies."""
    return place.tree / "stacks/shop/terraform.tfstate"


def empty(place: Place) -> None:
    """Take everything out of the state, as a destroy does."""
    document = {**orjson.loads(state(place).read_bytes()), "resources": [], "outputs": {}}
    state(place).write_bytes(orjson.dumps(document))


def stacks(place: Place) -> tuple[list[str], list[str]]:
    """Give the stacks of the manifest, and the folders that are there."""
    document = orjson.loads((place.tree / "tfgen-manifest.json").read_bytes())
    return document["stacks"], sorted(path.name for path in (place.tree / "stacks").iterdir())


def test_a_stack_with_an_empty_state_goes(place: Place, capsys: Printed) -> None:
    """Folder and entry go; the stack that has Services stays."""
    empty(place)
    assert place.tfgen("render", "--prune") == 0
    assert stacks(place) == (["blog"], ["blog"])
    assert "stack shop removed: its state is empty" in capsys.readouterr().err


def test_without_the_flag_it_stays(place: Place) -> None:
    """Rendering alone never reads a state, and removes no stack."""
    empty(place)
    assert place.tfgen("render") == 0
    assert stacks(place) == (["blog", "shop"], ["blog", "shop"])


def test_what_is_left_in_the_cloud_keeps_its_stack(place: Place, capsys: Printed) -> None:
    """Nothing is ever destroyed by deleting a folder."""
    assert place.tfgen("render", "--prune") == 0
    assert stacks(place)[1] == ["blog", "shop"]
    assert "objects are in its state: tfgen apply destroys them" in capsys.readouterr().err


def test_a_state_that_is_not_there_is_no_empty_one(place: Place, capsys: Printed) -> None:
    """It may be lost: then the load balancer still stands, and this is what remembers it."""
    for file in place.tree.glob("stacks/shop/*tfstate*"):
        file.unlink()
    assert place.tfgen("render", "--prune") == 0
    assert stacks(place)[1] == ["blog", "shop"]
    assert "stack shop stays: it has no state" in capsys.readouterr().err


def test_a_state_in_another_workspace_is_not_overlooked(place: Place) -> None:
    """Somebody chose a workspace by hand: the engine is asked, not the file of the default one."""
    empty(place)
    chosen = place.tree / "stacks/shop/.terraform/environment"
    chosen.parent.mkdir(exist_ok=True)
    chosen.write_text("other")
    before = len(place.engine.commands())
    place.tfgen("render", "--prune")
    assert "state" in place.engine.commands()[before:]


def test_a_check_says_what_would_go(place: Place, capsys: Printed) -> None:
    """It changes nothing, and ends with 2."""
    empty(place)
    assert place.tfgen("render", "--prune", "--check") == 2
    assert stacks(place)[1] == ["blog", "shop"]
    assert "stack shop would be removed" in capsys.readouterr().err


def test_a_state_that_cannot_be_read(place: Place, capsys: Printed) -> None:
    """The rendering is done, the stack stays, and the exit code says that something failed."""
    state(place).write_text("<<<<<<< HEAD")
    assert place.tfgen("render", "--prune", "--format", "json") == 5
    printed = json.loads(capsys.readouterr().out)
    assert printed["pruned"] == []
    [kept] = printed["tombstones"]
    assert kept["stack"] == "shop"
    assert "cannot be read" in kept["why"]
