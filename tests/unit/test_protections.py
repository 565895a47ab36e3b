"""The table of protections speaks of the source and the tests as they are."""

import ast

import pytest

from tests.protections import table

THEMES = table.themes()
ALL = [each for entries in THEMES.values() for each in entries]
LINES = 12
"""What must hold whatever happens: tests/protections has a file for each."""


def test_each_line_has_protections() -> None:
    """Each of the things that must hold has protections, and each protection is told once."""
    assert [name[:2] for name in THEMES] == [f"{number:02}" for number in range(1, LINES + 1)]
    assert all(len(entries) > 1 for entries in THEMES.values())
    assert len({each.what for each in ALL}) == len(ALL)


@pytest.mark.parametrize("protection", ALL, ids=lambda each: each.what)
def test_it_can_be_taken_out(protection: table.Protection) -> None:
    """Its text stands once in its file, what is left without it is Python, its tests exist."""
    source = (table.ROOT / protection.path).read_text()
    ast.parse(protection.removed(source))
    assert [test for test in protection.tests if not (table.ROOT / test).exists()] == []
