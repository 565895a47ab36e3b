"""A rendering that dies, or finds no room, at any single operation: the next one completes it."""

import os
import shutil
from pathlib import Path

import pytest

from tests.fakes import disk, objects
from tfgen import errors, manifest

pytestmark = pytest.mark.processes

MANIFEST = manifest.FILE
_LEFT = (".tfgen-new", "tfgen.lock")
"""What may be left behind: it is nobody's, and the next rendering removes it."""
_THREADS = "ignore:This process .* is multi-threaded:DeprecationWarning"
"""A process that is killed is a fork of this one."""

BEFORE = [objects.service("shop/changed"), objects.service("blog/gone")]
AFTER = [objects.service("shop/changed", sessionAffinity="ClientIP"), objects.service("shop/new")]
ORDERS = pytest.mark.parametrize(
    ("before", "after"),
    [([], AFTER), (BEFORE, AFTER), (AFTER, [])],
    ids=["first rendering", "later rendering", "all Services go"],
)


def trees(folder: Path, before: list[objects.Json], after: list[objects.Json]) -> objects.Place:
    """Give what a rendering makes of a tree; the tree before it lies in `old`."""
    whole = objects.Place(folder / "whole")
    (whole.root / "infra").mkdir(parents=True)
    if before:
        whole.render(before)
    shutil.copytree(whole.root, folder / "old")
    whole.render(after, allow_removals=2)
    return whole


def check_between(place: objects.Place, old: objects.Place, new: objects.Place) -> None:
    """Each file is the old or the new one; nothing that stays is away, or forgotten."""
    then, now = old.files(), new.files()
    found = {path: text for path, text in place.files().items() if not path.endswith(_LEFT)}
    document = place.manifest() if MANIFEST in found else {"services": {}, "stacks": []}
    listed = {entry["file"] for entry in document["services"].values()}
    for path, text in found.items():
        assert path == MANIFEST or text in {then.get(path), now.get(path)}, path
        assert "/lb_" not in path or path in listed, f"{path} is remembered by nobody"
    assert then.keys() & now.keys() <= found.keys()
    if MANIFEST in then:
        both = old.manifest()["services"].keys() & new.manifest()["services"].keys()
        assert both <= document["services"].keys()
        assert set(old.manifest()["stacks"]) <= set(document["stacks"])


@ORDERS
@pytest.mark.filterwarnings(_THREADS)
def test_killed_at_any_step_the_next_rendering_completes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: list[objects.Json],
    after: list[objects.Json],
) -> None:
    """A kill -9 at every single operation on files, the writes cut in the middle."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    whole, old = trees(tmp_path, before, after), objects.Place(tmp_path / "old")
    step = 0
    while True:
        step += 1
        place = objects.Place(tmp_path / str(step))
        shutil.copytree(old.root, place.root)
        if not disk.killed(place.root, step, lambda: place.render(after, allow_removals=2)):  # noqa: B023
            break
        check_between(place, old, whole)
        place.render(after, allow_removals=2)
        assert place.files() == whole.files(), step
        shutil.rmtree(place.root)
    assert step > 15


@ORDERS
def test_a_full_disk_at_any_step(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: list[objects.Json],
    after: list[objects.Json],
) -> None:
    """Nothing is half written or left over, the message names the file; with room it completes."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    whole, old = trees(tmp_path, before, after), objects.Place(tmp_path / "old")
    step, failed, acted = 0, 0, ["begun"]
    while acted:
        step += 1
        place = objects.Place(tmp_path / str(step))
        shutil.copytree(old.root, place.root)
        error = None
        with disk.full(place.root, step) as acted:
            try:
                place.render(after, allow_removals=2)
            except errors.TreeError as failure:
                error = failure
        if error:
            failed += 1
            check_full(place, error)
            check_between(place, old, whole)
            place.render(after, allow_removals=2)
        assert place.files() == whole.files(), step
        shutil.rmtree(place.root)
    assert failed > 10


def check_full(place: objects.Place, error: errors.TfgenError) -> None:
    """The message names a file of the tree, and nothing is left that was not finished."""
    assert error.what.startswith(f"{place.root}/infra")
    assert error.what.endswith(" cannot be written: No space left on device")
    assert error.code is errors.ExitCode.ERROR
    assert not [path for path in place.files() if path.endswith(_LEFT)]
