"""One row of a table of bad input."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.bad_input.scene import Said, Scene

FORMS = pytest.mark.parametrize("form", ["text", "json"])
"""Every message comes as text and as a document."""


@dataclass(frozen=True, slots=True)
class Bad:
    """What comes, and what is said of it.

    `what` names object, field, what was found and what is expected; `remedy` what to type next.
    """

    name: str
    comes: Callable[[Scene], Any]
    what: tuple[str, ...]
    remedy: str
    code: int = 1
    flags: tuple[str, ...] = ()
    mended: Callable[[Scene], Any] = lambda _scene: None

    def __str__(self) -> str:
        return self.name

    def check(self, said: Said, form: str) -> None:
        """Check exit code and words of a command that stopped."""
        assert said.code == self.code, said.err + said.out
        what = said.error["what"] if form == "json" else said.err
        remedy = said.error["remedy"] if form == "json" else said.err
        assert [part for part in self.what if part not in what] == [], what
        assert self.remedy in remedy
        if form == "json":
            assert said.error["code"] == self.code
            assert "tfgen: " not in said.err
        else:
            assert said.err.count("tfgen: ") == 1
            assert said.out == ""


def rows(*table: Bad) -> pytest.MarkDecorator:
    """Run a test for each row, by its name."""
    return pytest.mark.parametrize("bad", table, ids=str)
