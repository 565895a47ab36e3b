"""A power failure: what a command says is done is on the disk, not in a cache of it."""

from pathlib import Path

from tests.fakes import disk, objects, rendered
from tests.fakes.workshop import Workshop
from tfgen import manifest
from tfgen.terraform import saved

_NEW = ".tfgen-new"


def check(done: list[tuple[str, str]], path: str) -> None:
    """See that a file was on the disk before it took its place, and its name after."""
    folder, _, name = path.rpartition("/")
    placed = done.index(("replace", path))
    assert ("fsync", f"{folder}/.{name}{_NEW}".lstrip("/")) in done[:placed]
    assert ("fsync", folder or ".") in done[placed:]


def test_a_rendering(tmp_path: Path) -> None:
    """Each file that is written; the manifest, which lists them, before any other is begun."""
    place = objects.Place(tmp_path)
    with disk.recorded(place.root / "infra") as done:
        place.render([objects.service("shop/web")])
    written = [path for operation, path in done if operation == "replace"]
    assert len(written) > 5
    assert written[0] == manifest.FILE
    for path in written:
        check(done, path)
    check(done[: done.index(("replace", written[1]))], manifest.FILE)


def test_a_file_that_goes(tmp_path: Path) -> None:
    """Its name is gone from the disk before the command ends."""
    place = objects.Place(tmp_path)
    place.render([objects.service("shop/web"), objects.service("shop/gone")])
    with disk.recorded(place.root / "infra") as done:
        place.render([objects.service("shop/web")])
    gone = done.index(("unlink", "stacks/shop/lb_shop_gone.tf"))
    assert ("fsync", "stacks/shop") in done[gone:]


def test_the_record_of_a_plan(tmp_path: Path) -> None:
    """It is on the disk before somebody may rely on it."""
    place = Workshop(tmp_path)
    place.tree.render(rendered.load_balancer("shop/web"))
    with disk.recorded(place.tree.stack("shop")) as done:
        place.plan()
    check(done, saved.FILE)
