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


def _settings(ground: Ground) -> Path:
    return ground.folder / "tfgen.yaml"


def _said(ground: Ground, key: str) -> str:
    """Give a line of the settings."""
    lines = _settings(ground).read_text().splitlines()
    return next(line for line in lines if line.startswith(f"{key}:"))
