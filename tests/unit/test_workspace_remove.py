"""A stack that is over goes with what we and the engine wrote; what somebody else wrote stays."""

from pathlib import Path

import pytest

from tests.fakes import objects
from tfgen import workspace


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """A tree whose stack blog has no Services any more, and what an engine left there."""
    place = objects.Place(tmp_path)
    place.render([objects.service("shop/web"), objects.service("blog/web")])
    place.render([objects.service("shop/web")])
    folder = place.root / "infra/stacks/blog"
    (folder / ".terraform/providers").mkdir(parents=True)
    for name in ("terraform.tfstate", "terraform.tfstate.backup", "tfgen.tfplan", "crash.log"):
        (folder / name).write_text("x")
    return place


def gone(place: objects.Place) -> list[str]:
    """Remove the stack; the names of what is left of it."""
    workspace.Tree(place.root / "infra").remove_stack("blog")
    assert place.manifest()["stacks"] == ["shop"]
    folder = place.root / "infra/stacks/blog"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_nothing_else_was_there(place: objects.Place) -> None:
    """Then the folder goes as well."""
    assert gone(place) == []
    assert not (place.root / "infra/stacks/blog").exists()


def test_what_a_person_wrote_stays(place: objects.Place) -> None:
    """Files without our header, folders, links and states of other workspaces are kept."""
    folder = place.root / "infra/stacks/blog"
    (folder / "dns.tf").write_text('output "x" {\n  value = 1\n}\n')
    (folder / "NOTES.md").write_text("Ask Jo before the domain goes.\n")
    (folder / "terraform.tfstate.d/other").mkdir(parents=True)
    (folder / "link.tf").symlink_to(place.root / "tfgen.yaml")
    assert gone(place) == ["NOTES.md", "dns.tf", "link.tf", "terraform.tfstate.d"]
    assert "Jo" in (folder / "NOTES.md").read_text()


def test_a_stack_that_got_a_service_meanwhile_stays(place: objects.Place) -> None:
    """Another tfgen has rendered: what was over is in use again."""
    place.render([objects.service("shop/web"), objects.service("blog/web")])
    before = place.files()
    workspace.Tree(place.root / "infra").remove_stack("blog")
    assert place.files() == before
