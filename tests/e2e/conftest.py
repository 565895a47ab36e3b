"""The laboratory, and a site of its own for each end-to-end test."""

import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab import Lab
from tests.e2e import secrecy
from tests.e2e.running import Running
from tests.e2e.sites import Site
from tests.lab.evidence import pytest_runtest_makereport, pytest_runtest_protocol

__all__ = ["pytest_runtest_makereport", "pytest_runtest_protocol"]


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The running laboratory."""
    return Lab.here()


@pytest.fixture(scope="session", autouse=True)
def nothing_leaks(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Look at the end through all that the session wrote: trees, states, plans, logs, reports."""
    yield
    assert secrecy.leaks(tmp_path_factory.getbasetemp(), lab.settings.etc) == []


@pytest.fixture
def _other_alone(lab: Lab) -> Iterator[None]:
    """Have project `other`, its quotas and objects, for one test alone, in whatever process."""
    with (lab.settings.home / "other.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def site(lab: Lab, tmp_path: Path) -> Iterator[Site]:
    """A fresh site; what it leaves in the laboratory is removed afterwards."""
    made = Site(lab, tmp_path)
    yield made
    made.clean()


@pytest.fixture
def served(site: Site) -> Site:
    """A site with Service `web` of two ports, nothing of it rendered yet."""
    site.init()
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]
    site.apply(site.service("web", ports=ports))
    return site


@pytest.fixture
def begin() -> Iterator[Callable[[Site], Running]]:
    """Start runs that are watched; none of them outlives the test."""
    begun: list[Running] = []

    def start(site: Site, *arguments: str) -> Running:
        begun.append(Running(site, *arguments))
        return begun[-1]

    yield start
    for run in begun:
        run.abandon()
