"""The page about OCCM names tests, and each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/occm-differences.md").read_text()
NAMED = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
_TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
TESTS = {
    name for path in (ROOT / "tests").rglob("test_*.py") for name in _TEST.findall(path.read_text())
}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    """A test that was renamed takes its line of the page along."""
    assert name in TESTS


def test_every_defect_has_its_row() -> None:
    """D1 to D17, in order, each with what both do and the test that shows it."""
    rows = re.findall(r"^\| (D\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert [number for number, *_ in rows] == [f"D{number}" for number in range(1, 18)]
    assert [number for number, _, ours in rows if "`test_" not in ours] == []
