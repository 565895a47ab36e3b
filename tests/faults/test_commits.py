"""What people write and commit."""

import shutil
from pathlib import Path

import pytest

from tests.faults import whole
from tests.faults.fault import Fault
from tests.faults.ground import LIMIT, Ground

pytestmark = [pytest.mark.faults, pytest.mark.quick]


def refused(ground: Ground, fault: Fault, *fragments: str, code: int = 3) -> None:
    """Run over settings or a tree that are not the right ones; nothing may move by it."""
    before = whole.traces(ground)
    fault.told(ground.tfgen("run", "--yes", code=code), *fragments)
    assert whole.traces(ground) == before
    whole.serving(ground)
    fault.mended()


def test_a_service_with_a_bad_value(ground: Ground, fault: Fault) -> None:
    """A Service asks for what is no value, and its neighbour for a change."""
    before = ground.listener("web").connection_limit
    ground.limit("web", "many")
    ground.limit("api", 77)
    fault.does(f"{LIMIT} is many at one Service, 77 at another")

    done = ground.tfgen("run", "--yes", code=4)

    fault.told(done, LIMIT, "many")
    assert ground.listener("web").connection_limit == before
    assert ground.listener("api").connection_limit == 77
    whole.serving(ground)
    ground.limit("web", 78)
    fault.mended()
    ground.tfgen("run", "--yes")
    assert ground.listener("web").connection_limit == 78
    fault.whole()


def test_a_file_that_is_edited(ground: Ground, fault: Fault) -> None:
    """A file of the tree is edited by hand."""
    file = ground.file("web")
    text, limit = file.read_text(), ground.listener("web").connection_limit
    file.write_text(text.replace(f"connection_limit = {limit}", "connection_limit = 5"))
    assert file.read_text() != text
    fault.does("connection_limit of a listener is changed in the file of its Service")

    done = ground.tfgen("run", "--yes", code=4)

    fault.told(done, "edited by hand", "--overwrite-edited")
    assert ground.listener("web").connection_limit == limit
    whole.serving(ground)
    fault.mended()
    ground.tfgen("render", "--overwrite-edited")
    assert file.read_text() == text
    ground.tfgen("run", "--yes")
    fault.whole()


def test_a_stack_that_is_removed_by_hand(ground: Ground, fault: Fault) -> None:
    """The folder of a stack is removed, its state with it."""
    shutil.rmtree(ground.stack("db"))
    fault.does("rm -r of a stack's folder, in which its local state lay, committed")
    ground.commit()
    refused(ground, fault, "as if there was none", "--new-state")
    ground.tfgen("run", "--yes", "--new-state")
    fault.whole()


def _late(ground: Ground) -> str:
    """Serve one more Service, and commit it."""
    ground.apply(ground.service("late"))
    ground.tfgen("run", "--yes")
    ground.addresses["late"] = ground.external_ip("late")
    ground.commit()
    return str(ground.balancer("late").id)


def _without_late(ground: Ground) -> None:
    """Let it go again, as any Service goes."""
    ground.kubectl("delete", "service", "late", "-n", ground.name)
    ground.tfgen("run", "--yes")
    del ground.addresses["late"]
    whole.check(ground)
    ground.commit()


def test_an_older_manifest(ground: Ground, fault: Fault) -> None:
    """The manifest is put back to an older commit, and the files are not."""
    balancer = _late(ground)
    ground.git("checkout", "HEAD~1", "--", "infra/tfgen-manifest.json")
    ground.git("commit", "--quiet", "-m", "an older manifest")
    fault.does("tfgen-manifest.json of before the last Service, committed")
    fault.told(ground.tfgen("plan"), "nothing changes")
    fault.mended()
    ground.tfgen("run", "--yes")
    assert ground.balancer("late").id == balancer
    fault.whole()
    _without_late(ground)


def test_a_commit_that_is_reverted(ground: Ground, fault: Fault) -> None:
    """The commit that brought a Service into the tree is reverted; the Service lives."""
    balancer = _late(ground)
    ground.git("revert", "--no-edit", "HEAD")
    assert not (ground.tree / f"stacks/{ground.name}_01/lb_{ground.name}_late.tf").exists()
    fault.does("git revert of the rendering that added a Service")
    fault.mended()
    fault.told(ground.tfgen("run", "--yes"), "Services unchanged")
    assert ground.balancer("late").id == balancer
    fault.whole()
    _without_late(ground)


def _settings(ground: Ground) -> Path:
    return ground.folder / "tfgen.yaml"


def _said(ground: Ground, key: str) -> str:
    """Give a line of the settings."""
    lines = _settings(ground).read_text().splitlines()
    return next(line for line in lines if line.startswith(f"{key}:"))


@pytest.mark.parametrize("key", ["cluster", "tree"])
def test_settings_of_somebody_else(ground: Ground, fault: Fault, key: str) -> None:
    """The settings name another cluster, or another tree."""
    text = _settings(ground).read_text()
    _settings(ground).write_text(text.replace(_said(ground, key), f'{key}: "0123456789abcdef"'))
    fault.does(f"tfgen.yaml with another `{key}`, committed")
    ground.commit()
    refused(ground, fault, f"{key} ", "the tree was rendered with")
    _settings(ground).write_text(text)
    ground.tfgen("run", "--yes")
    fault.whole()


def test_states_that_lie_elsewhere(ground: Ground, fault: Fault) -> None:
    """The settings look for the states where there are none."""
    text, elsewhere = _settings(ground).read_text(), ground.folder / "elsewhere"
    ground.setting(f'backend: {{type: local, config: {{path: "{elsewhere}/{{stack}}.tfstate"}}}}')
    fault.does("tfgen.yaml with another `backend`, committed")
    ground.commit()
    refused(ground, fault, "Backend configuration changed", "backend", code=1)
    kept = {path: path.read_bytes() for path in ground.tree.glob("stacks/*/terraform.tfstate")}
    for path in kept:
        shutil.rmtree(path.parent / ".terraform")
        path.unlink()
    fault.does("the same in a fresh clone, where no engine remembers another backend")
    refused(ground, fault, "as if there was none", "--new-state")
    assert not [*elsewhere.glob("*.tfstate")]
    _settings(ground).write_text(text)
    for path, content in kept.items():
        shutil.rmtree(path.parent / ".terraform")
        path.write_bytes(content)
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


def test_a_tree_that_is_not_committed(ground: Ground, fault: Fault) -> None:
    """What is to be applied is in nobody's commit, and `guards.git` is refuse."""
    file = ground.file("web")
    text = file.read_text()
    file.write_text(f"{text}\n# looked at by nobody\n")
    ground.extra = {"TFGEN_GUARDS__GIT": "refuse"}
    fault.does("a file of the tree is changed and not committed")
    refused(ground, fault, "not committed as it stands", "Commit it or drop it")
    file.write_text(text)
    fault.told(ground.tfgen("plan"), "nothing changes")
    ground.extra = {}
    ground.tfgen("run", "--yes")
    fault.whole()


def test_a_tree_that_is_behind(ground: Ground, fault: Fault) -> None:
    """Somebody has pushed meanwhile, and `guards.git` is refuse."""
    upstream = str(ground.folder.parent / f"{ground.name}.git")
    ground.git("clone", "--quiet", "--bare", ".", upstream)
    ground.git("remote", "add", "origin", upstream)
    ground.git("commit", "--quiet", "--allow-empty", "-m", "of somebody else")
    ground.git("push", "--quiet", "--set-upstream", "origin", "main")
    ground.git("reset", "--quiet", "--hard", "HEAD~1")
    ground.extra = {"TFGEN_GUARDS__GIT": "refuse"}
    fault.does("the branch is a commit behind its upstream")
    refused(ground, fault, "1 commit behind origin/main", "git pull")
    ground.git("pull", "--quiet")
    ground.extra = {}
    ground.git("remote", "remove", "origin")
    ground.tfgen("run", "--yes")
    fault.whole()
