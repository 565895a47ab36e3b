"""Files of the tree are old or new, never in between, and never outside the tree."""

import errno
import fcntl
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes import objects
from tfgen import errors, manifest, tree, workspace

MANIFEST = manifest.FILE
WEB = "stacks/shop/lb_shop_web.tf"


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the disk to its own pace: these tests render hundreds of times."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def shop(*names: str) -> list[objects.Json]:
    """Make Services of namespace shop."""
    return [objects.service(f"shop/{name}") for name in names]


@pytest.mark.usefixtures("_quick")
def test_what_a_killed_writer_left_is_cleaned_up(place: objects.Place) -> None:
    """A half-written file has a name of its own, which Git ignores and the next writer removes."""
    place.render(shop("web"))
    left = place.file("stacks/shop/.lb_shop_x.tf.tfgen-new")
    left.write_text("half")
    assert "*.tfgen-new" in place.text(".gitignore")
    place.render(shop("web", "api"))
    assert not left.exists()


# Others who write.


@pytest.mark.usefixtures("_quick")
def test_a_tree_that_is_held_is_left_alone(place: objects.Place) -> None:
    """Two renderings at once: the second hears who is there, and writes nothing."""
    place.render(shop("web"))
    before = place.files()
    place.patience = workspace.Patience(0)
    told = pytest.raises(workspace.Held, match=r"infra is held by `tfgen.*` \(pid \d+ on ")
    with workspace.Tree(place.root / "infra").locked(), told as raised:
        place.render(shop("web", "api"))
    assert f"To end it: kill {os.getpid()}; the lock goes with its process" in raised.value.remedy
    assert place.files() == before


@pytest.mark.usefixtures("_quick")
def test_a_tree_that_changed_meanwhile_is_left_alone(place: objects.Place) -> None:
    """What was decided on an older manifest would forget what another rendering added."""
    place.render(shop("web"))
    seen = place.text(MANIFEST)
    place.render(shop("web", "early"))
    with pytest.raises(errors.TreeError, match=r"another tfgen has written to .* meanwhile"):
        workspace.Tree(place.root / "infra").write({MANIFEST: seen}, seen=seen)
    assert "shop/early" in place.manifest()["services"]


@pytest.mark.parametrize("first", ["an empty folder", "an older tree"])
def test_many_writers_leave_one_whole_tree(tmp_path: Path, first: str) -> None:
    """Renderings side by side, each of one stack: none is lost, and all together are the whole."""
    place, whole = objects.Place(tmp_path), objects.Place(tmp_path / "whole")
    services = [objects.service(f"{name}/web") for name in "abcdefghij"]
    for one in (place, whole) if first == "an older tree" else ():
        one.render(services[:5])
    with ThreadPoolExecutor(10) as pool:
        made = [pool.submit(place.render, services, stacks=frozenset({n})) for n in "abcdefghij"]
    assert [each.exception() for each in made] == [None] * 10
    place.render(services)
    whole.render(services)
    assert place.files() == whole.files()


def test_the_lock_goes_with_its_process(place: objects.Place) -> None:
    """It is the system's own: a killed holder holds nothing, and no file stays."""
    root = place.root / "infra"
    with workspace.Tree(root).locked():
        assert place.files().keys() == {".terraform/tfgen.lock"}
    assert list(root.iterdir()) == []
    (root / ".terraform").mkdir()
    (root / ".terraform" / "tfgen.lock").write_text('{"command": "tfgen render", "pid": 1')
    with workspace.Tree(root, workspace.Patience(0)).locked():
        assert str(os.getpid()) in place.text(".terraform/tfgen.lock")


# Only what differs.


@pytest.mark.usefixtures("_quick")
def test_files_that_stay_are_not_written(place: objects.Place) -> None:
    """Time stamps of what did not change stay, so that other tools see no change."""
    place.render(shop("web", "api"))
    stamps = {path: place.file(path).stat().st_mtime_ns for path in place.files()}
    place.render([*shop("api"), objects.service("shop/web", sessionAffinity="ClientIP")])
    touched = {path for path, at in stamps.items() if place.file(path).stat().st_mtime_ns != at}
    assert touched == {WEB, MANIFEST}


@pytest.mark.usefixtures("_quick")
def test_a_large_tree_is_written_the_same_way(place: objects.Place) -> None:
    """Beyond a few files the disk is left to its own pace."""
    names = [f"s{number}" for number in range(100)]
    place.render(shop(*names))
    assert len(place.manifest()["services"]) == 100
    assert not list((place.root / "infra").rglob("*tfgen-new"))


@pytest.mark.usefixtures("_quick")
def test_what_others_keep_in_the_tree_stays(place: objects.Place) -> None:
    """State, locks, plans and files of people are neither read nor removed."""
    place.render([*shop("web"), objects.service("blog/web")])
    kept = ["stacks/blog/terraform.tfstate", "stacks/blog/mine.tf", "README.md", "stacks/blog/.x"]
    for path in kept:
        place.file(path).write_text("mine")
    place.render(shop("web"))
    assert [place.text(path) for path in kept] == ["mine"] * 4


# Links and other surprises.


def linked(place: objects.Place, path: str, target: Path) -> None:
    """Put a link in the place of what stands there."""
    found = place.file(path)
    if found.is_dir():
        shutil.rmtree(found)
    elif found.exists():
        found.unlink()
    found.parent.mkdir(parents=True, exist_ok=True)
    found.symlink_to(target)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("path", ["stacks", "stacks/shop", "modules", "modules/octavia_port"])
def test_nothing_is_written_through_a_link(place: objects.Place, path: str) -> None:
    """A folder of the tree that is a link could lead anywhere."""
    place.render(shop("web"))
    outside = place.root / "outside"
    outside.mkdir()
    linked(place, path, outside)
    with pytest.raises(errors.TreeError, match="is a symbolic link; expected a file or") as told:
        place.render(shop("web", "api"))
    assert path in told.value.what
    assert list(outside.iterdir()) == []


@pytest.mark.usefixtures("_quick")
def test_a_link_that_was_put_there_meanwhile(place: objects.Place) -> None:
    """What is written looks for itself: the tree was read a moment ago."""
    place.render(shop("web"))
    outside = place.root / "outside"
    outside.mkdir()
    linked(place, "stacks/shop", outside)
    with pytest.raises(errors.TreeError, match="is a symbolic link"):
        workspace.Tree(place.root / "infra").put({"stacks/shop/lb_shop_api.tf": "x"})
    assert list(outside.iterdir()) == []


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize(
    "path",
    [
        WEB,
        "stacks/shop/versions.tf",
        "stacks/shop/facts.auto.tfvars.json",
        "stacks/shop/.terraform.lock.hcl",
        "modules/octavia_port/main.tf",
        ".gitignore",
        ".terraform.lock.hcl",
        "tfgen-manifest.json",
    ],
)
@pytest.mark.parametrize("present", [True, False])
def test_a_linked_file_is_neither_read_nor_followed(
    place: objects.Place, path: str, *, present: bool
) -> None:
    """A difference would show what it points to: somebody's clouds.yaml, say."""
    place.render(shop("web"))
    outside = place.root / "clouds.yaml"
    if present:
        outside.write_text("password: secret")
    linked(place, path, outside)
    with pytest.raises(errors.TreeError, match="is a symbolic link; expected a file or") as told:
        place.decide([objects.service("shop/web", sessionAffinity="ClientIP")])
    assert path in told.value.what
    assert outside.exists() is present


@pytest.mark.usefixtures("_quick")
def test_a_planted_link_is_not_followed(place: objects.Place) -> None:
    """Not even in the place of a file that is being written."""
    place.render(shop("web"))
    outside = place.root / "outside.tf"
    outside.write_text("mine")
    place.file("stacks/shop/.lb_shop_web.tf.tfgen-new").symlink_to(outside)
    place.render([objects.service("shop/web", sessionAffinity="ClientIP")])
    assert outside.read_text() == "mine"


@pytest.mark.usefixtures("_quick")
def test_the_tree_itself_may_be_reached_by_a_link(place: objects.Place) -> None:
    """Where the tree lies is for its owner to say."""
    (place.root / "elsewhere").mkdir()
    (place.root / "infra").symlink_to(place.root / "elsewhere")
    place.render(shop("web"))
    assert (place.root / "elsewhere" / WEB).is_file()


def test_a_file_in_the_place_of_the_tree_is_said(place: objects.Place) -> None:
    """The message says what to choose."""
    (place.root / "infra").write_text("")
    with pytest.raises(errors.TreeError, match="infra is not a folder"):
        place.render(shop("web"))


def test_a_file_above_the_tree_is_said(tmp_path: Path) -> None:
    """It is not a manifest that was lost: there is nothing to restore."""
    (tmp_path / "file").write_text("")
    below = workspace.Tree(tmp_path / "file" / "x")
    for look in (below.manifest, below.snapshot, below.locked().__enter__):
        with pytest.raises(errors.TreeError, match="file is not a folder") as told:
            look()
        assert told.value.remedy == "Choose another with -o."


def test_a_name_that_no_folder_can_have_is_said(tmp_path: Path) -> None:
    """The file system's limit is told in its words, with the flag to correct."""
    with pytest.raises(errors.TreeError, match="cannot be read: File name too long") as told:
        workspace.Tree(tmp_path / ("x" * 300)).snapshot()
    assert told.value.remedy == "Choose another folder with -o."


def test_a_file_system_without_locks_is_said(
    place: objects.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS without a lock service refuses every lock: that is not another tfgen."""

    def refuse(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(errors.TreeError, match="infra cannot be locked: No locks avail") as told:
        place.render(shop("web"))
    assert "choose a folder on another one with -o" in told.value.remedy
    assert place.files().keys() == {".terraform/tfgen.lock"}


@pytest.mark.usefixtures("_quick")
def test_a_folder_in_the_place_of_a_file_is_said(place: objects.Place) -> None:
    """What the system says is told with the path, and the rest of the tree is whole."""
    place.render(shop("web"))
    place.file(WEB).unlink()
    place.file(WEB).mkdir()
    with pytest.raises(errors.TreeError, match=r"cannot be written: Is a directory") as told:
        place.render(shop("web", "api"))
    assert told.value.remedy.startswith("See that you own the output tree")


@pytest.mark.usefixtures("_quick")
def test_a_manifest_that_is_no_text_is_refused(place: objects.Place) -> None:
    """A folder or binary file in its place is no first rendering."""
    place.render(shop("web"))
    place.file(MANIFEST).write_bytes(b"\xff\xfe")
    with pytest.raises(errors.Refused, match="cannot be read"):
        place.render(shop("web"))
    place.file(MANIFEST).unlink()
    place.file(MANIFEST).mkdir()
    with pytest.raises(errors.Refused, match="cannot be read"):
        place.render(shop("web"))


@pytest.mark.usefixtures("_quick")
def test_a_file_of_ours_that_is_no_text_is_an_edit(place: objects.Place) -> None:
    """It holds its Service, like any other edit."""
    place.render(shop("web"))
    text = place.file(WEB).read_bytes()
    place.file(WEB).write_bytes(text.replace(b"TCP", b"\xff"))
    assert [problem.found for problem in place.render(shop("web")).desired.problems] == [
        "edited by hand"
    ]


def test_no_tree_is_an_empty_one(tmp_path: Path) -> None:
    """Before the first rendering there is nothing."""
    nowhere = workspace.Tree(tmp_path / "infra")
    assert nowhere.manifest() is None
    assert nowhere.snapshot() == tree.Snapshot(None, {}, frozenset())


@pytest.mark.usefixtures("_quick")
def test_an_empty_stack_is_removed_with_its_place(place: objects.Place) -> None:
    """Folder and manifest forget it together; other stacks stay."""
    place.render([*shop("web"), objects.service("blog/web")])
    place.render(shop("web"))
    workspace.Tree(place.root / "infra").remove_stack("blog")
    assert place.manifest()["stacks"] == ["shop"]
    assert not place.file("stacks/blog").exists()
    assert place.decide(shop("web")).changes == {}
