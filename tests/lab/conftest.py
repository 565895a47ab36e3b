"""Settings in an empty folder, and, for tests marked lab, the real laboratory."""

from pathlib import Path

import pytest

from lab import Lab
from lab.settings import Settings
from tests.lab.evidence import pytest_runtest_makereport, pytest_runtest_protocol

__all__ = ["pytest_runtest_makereport", "pytest_runtest_protocol"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A laboratory that nobody has started."""
    return Settings(home=tmp_path / "home", port=17000)


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The running laboratory."""
    return Lab.here()
