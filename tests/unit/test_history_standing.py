"""How a tree stands in Git: what is not committed, and what is behind; asked of a real git."""

import subprocess
from pathlib import Path

import pytest

from tests.unit.test_history_commits import A, commit, git, root
from tfgen import config, errors, history
from tfgen.reconcile import checkout

__all__ = ["root"]  # the fixture


def _loaded(root: Path, setting: str = "warn") -> config.Loaded:
    guards = {"git": setting}
    settings = config.Settings.model_validate(
        {"cluster": "demo", "tree": "3f9c1a2b", "guards": guards}
    )
    return config.Loaded(settings=settings, path=root.parent / "tfgen.yaml", origins={}, out=root)


@pytest.fixture
def followed(root: Path, tmp_path: Path) -> Path:
    """Give a tree whose branch follows that of another repository, which moved on by two."""
    commit(root, a="1", b="1")
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "--quiet", root.parent, other], check=True)
    for text in ("2", "3"):
        commit(other / "infra", a=text)
    git(root, "remote", "add", "origin", str(other))
    git(root, "fetch", "--quiet", "origin")
    git(root, "branch", "--quiet", "--set-upstream-to", f"origin/{_branch(root)}")
    return root


def _branch(root: Path) -> str:
    return git(root, "branch", "--show-current")


def test_a_committed_tree_is_well(root: Path) -> None:
    """What differs beside the tree and its settings does not count, nor what Git ignores."""
    (root.parent / ".gitignore").write_text("*.tfplan\n")
    commit(root, a="1", b="1")
    (root / "stacks/shop/tfgen.tfplan").write_text("x")
    (root.parent / "README").write_text("x")
    assert history.standing(root, root.parent / "tfgen.yaml") == history.Standing()
    assert checkout.check(_loaded(root, "refuse")) == ()


def test_what_is_not_committed_is_named(root: Path) -> None:
    """A changed file, one that only the index has, a new one, a moved one, and the settings."""
    commit(root, a="1", b="1")
    (root / "stacks/shop/lb_shop_c.tf").write_text("x")
    (root / A).write_text("2")
    git(root, "mv", "stacks/shop/lb_shop_b.tf", "stacks/shop/b d.tf")
    (root.parent / "tfgen.yaml").write_text("x")
    found = history.standing(root, root.parent / "tfgen.yaml")
    assert found
    assert found.uncommitted == (
        "infra/stacks/shop/b d.tf",
        "infra/stacks/shop/lb_shop_a.tf",
        "infra/stacks/shop/lb_shop_b.tf",
        "infra/stacks/shop/lb_shop_c.tf",
        "tfgen.yaml",
    )
    [told] = checkout.check(_loaded(root))
    assert told == (
        "not committed as it stands: infra/stacks/shop/b d.tf, infra/stacks/shop/lb_shop_a.tf, "
        "infra/stacks/shop/lb_shop_b.tf and 2 more"
    )


def test_what_is_behind_is_told_by_what_was_fetched(followed: Path) -> None:
    """The remote-tracking branch as it stands: nothing is fetched, be the remote gone or not."""
    git(followed, "remote", "set-url", "origin", "/nowhere")
    branch = _branch(followed)
    told = f"the branch is 2 commits behind origin/{branch}, as it was last fetched"
    assert checkout.check(_loaded(followed)) == (told,)
    git(followed, "merge", "--quiet", f"origin/{branch}")
    assert checkout.check(_loaded(followed)) == ()


def test_it_can_be_refused_or_passed_over(followed: Path) -> None:
    """guards.git: refuse ends with 3 and says all; off asks nothing."""
    (followed / A).write_text("edited")
    with pytest.raises(errors.Refused) as caught:
        checkout.check(_loaded(followed, "refuse"))
    assert "not committed as it stands: infra/stacks/shop/lb_shop_a.tf; " in caught.value.what
    assert "2 commits behind" in caught.value.what
    assert caught.value.code is errors.ExitCode.REFUSED
    assert checkout.check(_loaded(followed, "off")) == ()


def test_a_detached_checkout_follows_nothing(followed: Path) -> None:
    """A pipeline checks out a commit: that it is the right one is the pipeline's to say."""
    git(followed, "checkout", "--quiet", "--detach")
    assert checkout.check(_loaded(followed, "refuse")) == ()


def test_without_a_repository_there_is_nothing_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    """Nor without git."""
    assert history.standing(Path("/")) is None
    assert history.standing(tmp_path / "none") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert checkout.check(_loaded(root, "refuse")) == ()


def test_a_repository_starts_no_program_of_its_own(root: Path, tmp_path: Path) -> None:
    """core.fsmonitor of a hostile repository would be run by a plain git status."""
    commit(root, a="1")
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(hook))
    assert history.standing(root) == history.Standing()
    assert not (tmp_path / "ran").exists()
