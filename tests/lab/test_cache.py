import threading
import time
from pathlib import Path

import pytest

from lab.software import cache


def test_the_key_is_of_all_inputs_in_order() -> None:
    """Other inputs, or the same ones cut elsewhere, are another kit."""
    keys = [cache.key("a", "b"), cache.key("b", "a"), cache.key("ab"), cache.key("a", "b", "")]
    assert len(set(keys)) == 4
    assert cache.key("a", b"b") == cache.key("a", "b")


@pytest.mark.parametrize("movable", [True, False])
def test_built_once_for_all_who_ask(tmp_path: Path, *, movable: bool) -> None:
    """Two clones that ask at once build once, and both find it whole."""
    kit = tmp_path / "kit-1"
    built: list[Path] = []

    def build(folder: Path) -> None:
        built.append(folder)
        time.sleep(0.1)
        (folder / "program").touch()

    threads = [
        threading.Thread(target=cache.ensure, args=(kit, build), kwargs={"movable": movable})
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert (built[0] == kit) is not movable
    assert (kit / "program").exists()
    assert cache.is_complete(kit)


@pytest.mark.parametrize("movable", [True, False])
def test_a_build_that_fails_is_built_anew(tmp_path: Path, *, movable: bool) -> None:
    """What a failed build left is never taken for a kit, nor mixed into the next one."""
    kit = tmp_path / "kit-1"

    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        cache.ensure(kit, fail, movable=movable)
    assert not cache.is_complete(kit)
    assert cache.ensure(kit, lambda folder: (folder / "whole").touch(), movable=movable)
    assert sorted(path.name for path in kit.iterdir()) == [cache.COMPLETE, "whole"]
    assert not cache.ensure(kit, fail, movable=movable)


def test_no_rests_beside_it(tmp_path: Path) -> None:
    """A failed build leaves no temporary folder."""

    def fail(_: Path) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        cache.ensure(tmp_path / "kit-1", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["kit-1.lock"]
