"""docs/guards.md tells every guard, and every flag that opens one."""

import re
from pathlib import Path

import pytest

from tfgen import policy

PAGE = (Path(__file__).parents[2] / "docs" / "guards.md").read_text()
ROWS = {match[1]: match[0] for match in re.finditer(r"^\| \*(\w+)\* \|.*$", PAGE, re.MULTILINE)}


def test_every_guard_has_a_row() -> None:
    """The page's table has one row for each guard, and none for a guard that is not there."""
    assert set(ROWS) == {guard.value for guard in policy.Guard}


@pytest.mark.parametrize(
    ("guard", "flag"),
    [
        ("shrink", "--allow-removals"),
        ("delete", "--allow-removals"),
        ("address", "--allow-address-change"),
        ("protected", "--allow-protected"),
        ("vanished", "--new-state"),
        ("exposure", "--allow-exposure"),
    ],
)
def test_every_flag_stands_beside_its_guard(guard: str, flag: str) -> None:
    """The row of a guard names the flag that opens it."""
    assert flag in ROWS[guard]


@pytest.mark.parametrize("guard", ["ownership", "policy", "stop", "unreadable"])
def test_no_flag_opens_the_others(guard: str) -> None:
    """Where no flag opens a guard, none is named."""
    assert "--" not in ROWS[guard]
