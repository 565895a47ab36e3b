"""A repair that dies at any operation on files, or word with Octavia: the next one ends it."""

import shutil
from pathlib import Path

import pytest

from tests.fakes import disk
from tests.fakes.ward import Ward, applied, standing
from tfgen import errors
from tfgen.reconcile.repair import Cure, Kind

_WHOLE = 7
"""Objects of one Service."""
pytestmark = [
    pytest.mark.processes,
    pytest.mark.filterwarnings(
        # A process that is killed is a fork of this one.
        "ignore:This process .* is multi-threaded:DeprecationWarning"
    ),
]


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop in which a Service was applied, once for all tests."""
    return applied(tmp_path_factory.mktemp("pattern"))


def finish(shop: Ward, address: str, cure: Cure | None) -> None:
    """Repair again, as the next command does; then it stands once, whole, as it answered before."""
    assert shop.repair(cure=cure).code is errors.ExitCode.DONE
    assert shop.repair(cure=cure).choice.finding.kind is Kind.WHOLE
    assert len(shop.place.work.sky.load_balancers) == 1
    assert len(shop.place.work.stack("shop").state().instances) == _WHOLE
    assert shop.address == address
    assert not shop.place.plan().saved
    folder = shop.place.tree.stack("shop")
    assert not [*folder.glob("*.tfplan*"), *folder.glob("recovery.tf"), *folder.rglob("*.lock")]


def killed_at_each_step(folder: Path, pattern: Path, cure: Cure | None, by: int) -> int:
    """Kill a repair at each `by`-th of its steps, end it each time, and count the steps."""
    step, died = 1, True
    while died:
        shop = standing(folder / str(step), pattern)
        address = shop.address
        shop.sky.falls(shop.lb, "ERROR")
        died = disk.killed(shop.place.folder, step, lambda here=shop: here.repair(cure=cure))  # type: ignore[misc]  # a default binds it
        finish(shop, address, cure)
        shutil.rmtree(shop.place.folder)
        step += by
    return step


def test_a_failover_that_is_killed(tmp_path: Path, pattern: Path) -> None:
    """Octavia goes on with it; whoever comes next waits, and finds it whole."""
    assert killed_at_each_step(tmp_path, pattern, None, 4) > 10


def test_a_rebuilding_that_is_killed(tmp_path: Path, pattern: Path) -> None:
    """Before, amid and after the deletion, the plan and the apply: it goes on where it was."""
    assert killed_at_each_step(tmp_path, pattern, Cure.REBUILD, 9) > 30
