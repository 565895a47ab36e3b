"""The manifest of the output tree, and what commands say where it is not there, or another's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place as fake
from tfgen import manifest

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

COMMANDS = (
    ("render",),
    ("plan",),
    ("apply", "--yes"),
    ("sync",),
    ("run", "--yes"),
    ("guard", "--plan", "plan.json"),
    ("publish",),
    ("status",),
    ("explain", "shop/web"),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.Place]:
    """Give a world with a rendered tree of one Service."""
    with fake.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        (tmp_path / "plan.json").write_text("{}")
        assert made.tfgen("render") == 0
        yield made


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_a_manifest_that_is_missing_beside_stacks(
    place: fake.Place, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command refuses, and none of them sends to another that refuses in turn."""
    (place.tree / manifest.FILE).unlink()
    assert place.tfgen(*command) == 3
    said = capsys.readouterr().err
    assert "infra/tfgen-manifest.json is missing beside stacks that exist: shop" in said
    assert "Restore it from Git" in said


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("publish",)])
def test_nothing_rendered_yet(
    place: fake.Place, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a tree there is nothing to do it with, and the way out is said."""
    assert place.tfgen(*command, "-o", "elsewhere") == 1
    said = capsys.readouterr().err
    assert "elsewhere has no tfgen-manifest.json: nothing was rendered there" in said
    assert "run `tfgen render` first" in said


@pytest.mark.parametrize("command", [("plan",), ("publish",)])
def test_settings_of_another_tree(
    place: fake.Place, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Settings and tree that do not belong together are refused."""
    settings = place.folder / "tfgen.yaml"
    settings.write_text(settings.read_text().replace("tree: 3f9c1a2b", "tree: 0a1b2c3d"))
    assert place.tfgen(*command) == 3
    said = capsys.readouterr().err
    assert "setting tree is '0a1b2c3d', and the tree was rendered with '3f9c1a2b'" in said
