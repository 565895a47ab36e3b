"""The laboratory, and a site of its own for each end-to-end test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import Lab
from tests.e2e.sites import Site


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The running laboratory."""
    return Lab.here()


@pytest.fixture
def site(lab: Lab, tmp_path: Path) -> Iterator[Site]:
    """A fresh site; what it leaves in the laboratory is removed afterwards."""
    made = Site(lab, tmp_path)
    yield made
    made.clean()
