"""The commit that a Service is told: that of the file which is applied, and of no other."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place as world
from tests.fakes.place import Place
from tfgen import model

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

WEB = model.ServiceKey("shop", "web")
NAMED = {
    f"GIT_{who}_{what}": "x@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world with one Service, in a repository whose states are no part of it."""
    with world.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        (tmp_path / ".gitignore").write_text("*.tfstate*\n.terraform*\n*.tfplan*\n")
        git(made, "init", "--quiet")
        yield made


def git(place: Place, *arguments: str) -> str:
    """Run git in the world's folder, as somebody."""
    return subprocess.run(
        ["git", *arguments],
        cwd=place.folder,
        env={**os.environ, **NAMED},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def commit(place: Place) -> str:
    """Commit all there is."""
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--allow-empty", "--message", "x")
    return git(place, "rev-parse", "HEAD")


def told(place: Place) -> tuple[str | None, str | None]:
    """Give digest and commit, as the Service carries them."""
    found = place.cluster.services[WEB]["metadata"].get("annotations", {})
    return found.get("tfgen.io/digest"), found.get("tfgen.io/commit")


def test_a_reviewed_file_gives_its_commit(place: Place) -> None:
    """Rendered, committed, applied, published: the Service says which commit that was."""
    assert place.tfgen("render") == 0
    made = commit(place)
    assert place.tfgen("plan") == 0
    assert place.tfgen("apply", "--yes") == 0
    assert place.tfgen("publish") == 0
    assert told(place)[1] == made
    commit(place)
    before = len(place.cluster.writes)
    assert place.tfgen("publish") == 0
    assert len(place.cluster.writes) == before


def test_what_is_not_committed_has_no_commit(place: Place) -> None:
    """`run` applies what it has just written; a commit afterwards is told by the next pass."""
    assert place.tfgen("run", "--yes") == 0
    digest, none = told(place)
    assert digest
    assert none is None
    made = commit(place)
    assert place.tfgen("publish") == 0
    assert told(place) == (digest, made)


def test_a_new_digest_takes_the_old_commit_away(place: Place) -> None:
    """Where nobody knows the new one: an old one beside it would be a lie."""
    assert place.tfgen("run", "--yes") == 0
    commit(place)
    assert place.tfgen("publish") == 0
    digest, made = told(place)
    assert made
    place.service("shop/web", 80, 81, annotations=annotations(place))
    assert place.tfgen("run", "--yes") == 0
    newer, none = told(place)
    assert newer not in {None, digest}
    assert none is None


def test_what_awaits_its_review_is_not_told(place: Place) -> None:
    """A commit whose file is not applied yet is not what answers."""
    assert place.tfgen("run", "--yes") == 0
    first = commit(place)
    assert place.tfgen("publish") == 0
    place.service("shop/web", 80, 81, annotations=annotations(place))
    assert place.tfgen("render") == 0
    assert commit(place) != first
    assert place.tfgen("publish") == 0
    assert told(place)[1] == first


def annotations(place: Place) -> dict[str, str]:
    """Give what the Service carries, for it is put anew."""
    return dict(place.cluster.services[WEB]["metadata"]["annotations"])
