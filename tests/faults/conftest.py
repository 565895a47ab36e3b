"""The laboratory behind a gate, one ground for all faults, and the page that they write."""

import os
import platform
from collections.abc import Generator, Iterator
from datetime import UTC, datetime

import pytest

from lab import Lab
from lab.settings import Settings
from tests.e2e.conftest import begin, nothing_leaks
from tests.faults import ground as grounds
from tests.faults.fault import Fault
from tests.faults.gate import Gate
from tests.faults.ground import Ground
from tests.faults.kept import Kept
from tests.lab.evidence import pytest_runtest_makereport, pytest_runtest_protocol
from tools import reliability

__all__ = ["begin", "nothing_leaks", "pytest_runtest_makereport", "pytest_runtest_protocol"]
_PORTS = 4
"""More of one Service are not kept from fault to fault: each costs every plan time."""
_PASSED: pytest.StashKey[bool] = pytest.StashKey()
_TESTS: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flags of `make faults`."""
    parser.addoption("--write-reliability", action="store_true", help="Write docs/reliability.md.")
    parser.addoption("--anew", action="store_true", help="Forget what earlier runs have seen.")
    parser.addoption("--go-on", action="store_true", help="Leave out what passed just now.")


def pytest_configure(config: pytest.Config) -> None:
    """Forget it once, before any worker begins."""
    if config.getoption("--anew", default=False) and not hasattr(config, "workerinput"):
        kept().forget_all()


def kept() -> Kept:
    """Give what tests have seen on this laboratory."""
    return Kept(Settings.read().home / "faults")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note which tests there are, and leave out what needs no second try."""
    config.stash[_TESTS] = [item.name for item in items]
    if config.getoption("--go-on", default=False):
        items[:] = [item for item in items if kept().read(item.name) is None]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Note that a test passed: only then is there something to write down."""
    kept().forget(item.name)
    result = yield
    item.stash[_PASSED] = True
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the page if it was asked for, and every test that was collected has its record."""
    config = session.config
    if not config.getoption("--write-reliability", default=False):
        return
    found = [kept().read(test) for test in config.stash.get(_TESTS, [])]
    records = [each for each in found if each]
    if records and len(records) == len(found):
        page = reliability.page(records, _where())
        (config.rootpath / reliability.PAGE).write_text(page)


def _where() -> str:
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    load = f"{os.cpu_count()} cores under a load of {os.getloadavg()[2]:.0f}"
    return f"tried on {day}, {load}, Python {platform.python_version()}"


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The running laboratory."""
    return Lab.here()


@pytest.fixture(scope="session")
def gate(lab: Lab) -> Iterator[Gate]:
    """The way to all APIs."""
    with Gate(lab) as made:
        yield made


class Keeper:
    """Keeps one ground for all faults, and lays another where a test has spoilt it."""

    def __init__(self, gate: Gate, folders: pytest.TempPathFactory) -> None:
        self._gate, self._folders = gate, folders
        self._kept: Ground | None = None

    def ground(self) -> Ground:
        """Give the ground as the fault before has left it."""
        if self._kept is None:
            self._kept = self.another()
            grounds.laid(self._kept)
        return self._kept

    def another(self) -> Ground:
        """Give a ground beside it, on which nothing stands yet."""
        return Ground(self._gate.lab, self._folders.mktemp("ground"), gate=self._gate)

    def clear(self) -> None:
        """Remove what there is of it."""
        if self._kept:
            self._gate.rules.clear()
            self._kept.clean()
            grounds.uproot(self._kept)
            grounds.unmounted(self._kept)
        self._kept = None


@pytest.fixture(scope="session")
def keeper(gate: Gate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    """Who keeps the ground."""
    made = Keeper(gate, tmp_path_factory)
    yield made
    made.clear()


def tidy(ground: Ground) -> Ground:
    """Let the ports go that faults before have added, before there are many to look at."""
    if len(ground.get("api")["spec"]["ports"]) > _PORTS:
        ground.apply(ground.service("api"))
        ground.tfgen("run", "--yes")
        ground.commit()
    return ground


@pytest.fixture
def ground(request: pytest.FixtureRequest, keeper: Keeper) -> Iterator[Ground]:
    """The ground as the fault before has left it; one that a failure has spoilt goes."""
    yield tidy(keeper.ground())
    if not request.node.stash.get(_PASSED, False):
        keeper.clear()


@pytest.fixture
def fault(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Fault]:
    """What the test says of its fault; a test that passes and has shown nothing is an error."""
    words = (request.function.__doc__ or "").strip().partition("\n")[0]
    theme = (request.module.__doc__ or "").strip().partition("\n")[0].removesuffix(".")
    made = Fault(theme, request.node.name, words, ground)
    yield made
    if request.node.stash.get(_PASSED, False):
        kept().write(made.record())
