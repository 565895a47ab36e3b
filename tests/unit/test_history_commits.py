"""Which commit changed a file of the tree last: asked of a real git, or not known."""

import os
import subprocess
from pathlib import Path

import pytest

from tfgen import history

A, B = "stacks/shop/lb_shop_a.tf", "stacks/shop/lb_shop_b.tf"
NAMED = {
    f"GIT_{who}_{what}": "x@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


@pytest.fixture
def root(folder: Path) -> Path:
    """Give a tree within a repository."""
    git(folder, "init", "--quiet")
    made = folder / "infra"
    (made / "stacks/shop").mkdir(parents=True)
    return made


def git(place: Path, *arguments: str) -> str:
    """Run git, as somebody."""
    command = ["git", "-C", str(place), *arguments]
    environ = {**os.environ, **NAMED}
    return subprocess.run(
        command, env=environ, capture_output=True, text=True, check=True
    ).stdout.strip()


def commit(root: Path, **texts: str) -> str:
    """Write the files a and b, or one of them, and commit all there is."""
    for name, text in texts.items():
        (root / f"stacks/shop/lb_shop_{name}.tf").write_text(text)
    git(root.parent, "add", "--all")
    git(root.parent, "commit", "--quiet", "--allow-empty", "--message", "x")
    return git(root, "rev-parse", "HEAD")


def test_each_file_has_the_commit_that_changed_it_last(root: Path) -> None:
    """A commit of another file, of the tree or beside it, changes nothing."""
    first = commit(root, a="1", b="1")
    second = commit(root, b="2")
    (root.parent / "README").write_text("x")
    commit(root)
    assert history.commits(root) == {A: first, B: second}


def test_what_is_not_committed_as_it_stands_has_none(root: Path) -> None:
    """Neither a changed file, nor one that only the index has, nor one that is new."""
    commit(root, a="1", b="1")
    (root / A).write_text("2")
    (root / B).write_text("2")
    git(root, "add", B)
    (root / "stacks/shop/lb_shop_c.tf").write_text("new")
    assert history.commits(root) == {}


def test_a_file_that_came_back_uncommitted_has_none(root: Path) -> None:
    """Its last commit took it away."""
    commit(root, a="1", b="1")
    (root / A).unlink()
    kept = commit(root, b="2")
    (root / A).write_text("1")
    assert history.commits(root) == {B: kept}


def test_a_shallow_clone_does_not_guess(root: Path, tmp_path: Path) -> None:
    """Its oldest commit seems to have made every file: only what is younger is told."""
    commit(root, a="1", b="1")
    commit(root, b="2")
    last = commit(root, a="3")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{root.parent}", str(clone))
    assert history.commits(clone / "infra") == {A: last}


def test_names_may_hold_anything(root: Path) -> None:
    """Spaces, quotes and letters of any alphabet are told as they are."""
    (root / 'stacks/shop/a "b" ö.tf').write_text("1")
    made = commit(root)
    assert history.commits(root) == {'stacks/shop/a "b" ö.tf': made}


def test_without_a_repository_there_are_none(folder: Path) -> None:
    """A tree that was unpacked somewhere has no history."""
    (folder / "infra").mkdir()
    assert history.commits(folder / "infra") == {}


def test_a_repository_without_commits_has_none(root: Path) -> None:
    """Somebody has only just begun."""
    assert history.commits(root) == {}


def test_without_git_there_are_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container needs no git to publish."""
    commit(root, a="1")
    monkeypatch.setenv("PATH", "")
    assert history.commits(root) == {}


def test_a_git_that_takes_for_ever_is_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing waits for nothing that it can do without."""
    commit(root, a="1")
    monkeypatch.setattr(history, "_IN_TIME", 0)
    assert history.commits(root) == {}
