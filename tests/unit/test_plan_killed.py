"""A plan, and an apply, that die at any operation on files: the next run completes the job."""

import shutil
from pathlib import Path

import pytest

from tests.fakes import disk, rendered
from tests.fakes.workshop import Workshop
from tfgen import errors
from tfgen.terraform import saved

pytestmark = pytest.mark.processes

_WHOLE = 7
"""Objects of one Service."""
_THREADS = "ignore:This process .* is multi-threaded:DeprecationWarning"
"""A process that is killed is a fork of this one."""


def workshop(folder: Path) -> Workshop:
    """Give a workshop with one rendered Service."""
    place = Workshop(folder)
    place.tree.render(rendered.load_balancer("shop/web"))
    return place


def finish(place: Workshop) -> None:
    """Plan and apply, as the next run does; then all is there, and nothing else."""
    plans = place.plan()
    assert not plans.failures
    report = place.apply()
    assert report.code is errors.ExitCode.DONE, report.failures
    assert len(place.work.stack("shop").state().instances) == _WHOLE
    folder = place.tree.stack("shop")
    left = [path.name for path in folder.rglob("*") if path.name.endswith((".lock", "-new"))]
    assert not [*folder.glob("*.tfplan*"), *folder.glob("recovery.tf"), *left]


@pytest.mark.filterwarnings(_THREADS)
@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_plan_that_is_killed(tmp_path: Path, first: int) -> None:
    """A record speaks of a whole plan or is none; never is one of the two taken for both."""
    step, died = first, True
    while died:
        place = workshop(tmp_path / str(step))
        died = disk.killed(place.tree.root, step, place.plan)
        if record := saved.read(place.work.stack("shop")):
            assert saved.untouched(place.work.stack("shop"), record)
        finish(place)
        shutil.rmtree(place.folder)
        step += 3
    assert step > 15


@pytest.mark.filterwarnings(_THREADS)
@pytest.mark.parametrize("first", [1, 2])
def test_an_apply_that_is_killed(tmp_path: Path, first: int) -> None:
    """Whatever was done by then is in the state, and the next run does the rest."""
    step, died = first, True
    while died:
        place = workshop(tmp_path / str(step))
        place.plan()
        died = disk.killed(place.tree.root, step, place.apply)
        finish(place)
        shutil.rmtree(place.folder)
        step += 2
    assert step > 8


def test_a_full_disk_while_it_is_planned(tmp_path: Path) -> None:
    """The file that could not be written is named, and no half of it is there."""
    step, told, acted = 0, set(), ["begun"]
    while acted:
        step += 1
        place = workshop(tmp_path / str(step))
        with disk.full(place.tree.root, step) as acted:
            failures = place.plan().failures
        for failure in failures.values():
            told.add(failure.what.replace(str(place.tree.stack("shop")), ""))
            assert failure.code is errors.ExitCode.ERROR
            assert not list(place.tree.stack("shop").rglob("*.tfgen-new"))
        finish(place)
        shutil.rmtree(place.folder)
    words = "cannot be written: No space left on device"
    assert f"/tfgen.tfplan.json {words}" in told
    assert f"/.terraform/tfgen-init {words}" in told
    assert f"/.terraform/tfgen.lock {words}" in told
    assert all("No space left on device" in text for text in told)
