"""tfgen guard --base: a lost state and a wrong cloud, told from a first apply."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import plans
from tfgen import cli, manifest

WEB, NEW = plans.entry("shop/web"), plans.entry("shop/new")
BEFORE, NOW = plans.tree(WEB), plans.tree(WEB, NEW)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository whose tree had shop/web at its first commit, and shop/new besides now."""
    (tmp_path / "tfgen.yaml").write_text(f"cluster: {plans.CLUSTER}\ntree: {plans.TREE}\n")
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet")
    commit("empty")
    stands(BEFORE)
    commit("first")
    stands(NOW)
    commit("second")
    return tmp_path


def git(*arguments: str) -> None:
    """Run git in the working folder."""
    person = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *person, *arguments], check=True, capture_output=True)


def commit(tag: str) -> None:
    """Commit the tree, under a tag."""
    git("add", "--all")
    git("commit", "--quiet", "--message", tag)
    git("tag", tag)


def stands(tree: manifest.Manifest) -> None:
    """Let the tree have this manifest."""
    Path("infra", manifest.FILE).write_text(manifest.dumps(tree))


def judge(*services: str, base: str = "") -> int:
    """Judge a plan that creates the load balancers of these Services; the exit code."""
    document = plans.plan(*(plans.balancer(service, "create") for service in services))
    Path("plan.json").write_text(json.dumps(document))
    return cli.app.run(["guard", "--plan", "plan.json", *(["--base", base] if base else [])])


def test_what_stood_before_is_not_made_anew(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Service of the last commit whose load balancer the plan creates is refused, with a flag."""
    assert project.is_dir()
    assert judge("shop/web", "shop/new", base="first") == 3
    said = capsys.readouterr()
    assert "vanished    Service shop/web: was rendered before this change" in said.out
    assert "--new-state" in said.out
    assert "shop/new: " in said.out
    assert "Service shop/new: was rendered" not in said.out
    assert "notice" not in said.err


def test_what_is_new_passes(project: Path) -> None:
    """A Service that this change brings is made."""
    assert project.is_dir()
    assert judge("shop/new", base="first") == 0
    assert judge("shop/new", base="HEAD") == 3


def test_a_first_tree_passes(project: Path) -> None:
    """A commit without a tree knows of nothing that stood."""
    assert project.is_dir()
    assert judge("shop/web", "shop/new", base="empty") == 0


def test_a_file_does(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no Git, the manifest as it stood is as good; a broken one is refused."""
    (project / "old.json").write_text(manifest.dumps(BEFORE))
    assert judge("shop/web", base="old.json") == 3
    assert judge("shop/new", base="old.json") == 0
    (project / "old.json").write_text("{}")
    assert judge("shop/new", base="old.json") == 3
    assert "old.json cannot be read" in capsys.readouterr().err


def test_without_a_base_it_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan over an empty state passes, as a first apply must, with a notice."""
    assert project.is_dir()
    assert judge("shop/web", "shop/new") == 0
    assert "notice: plan.json makes its load balancers over an empty state" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("base", ["nope", "0000000000000000000000000000000000000000", "-rf"])
def test_no_such_commit(project: Path, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is neither a file nor a commit is an error that says what a pipeline needs."""
    assert project.is_dir()
    assert judge("shop/new", base=base) == 1
    said = capsys.readouterr().err
    assert f"--base {base} is neither a file nor a commit" in said
    assert "fetch-depth: 0" in said


def test_no_git(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without git a commit cannot be read, and a file can."""
    monkeypatch.setenv("PATH", str(project / "nowhere"))
    assert judge("shop/new", base="first") == 1
    assert "there is no git command" in capsys.readouterr().err


def test_another_tree_is_no_base(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The manifest of another tree says nothing of this one."""
    (project / "old.json").write_text(manifest.dumps(replace(BEFORE, tree="ffffffff")))
    assert judge("shop/new", base="old.json") == 1
    assert "is of cluster demo, tree ffffffff" in capsys.readouterr().err
