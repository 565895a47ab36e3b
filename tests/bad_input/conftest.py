"""A scene for each test of bad input."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_input.scene import Mould, Scene
from tests.fakes import place


@pytest.fixture(scope="session")
def mould(tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """What the first scene leaves for those that follow."""
    return Mould(tmp_path_factory.mktemp("mould"))


@pytest.fixture
def scene(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mould: Mould,
) -> Iterator[Scene]:
    """Give a scene in which all is well yet."""
    with place.running(tmp_path, monkeypatch) as made:
        ready = Scene(made, capsys, monkeypatch)
        ready.serve(mould)
        yield ready
