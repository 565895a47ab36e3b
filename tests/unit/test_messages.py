"""Each refusal of translation has a test that knows its words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tfgen import translate

SOURCES = Path(translate.__file__).parent
TESTS = Path(__file__).parent
SHORTEST = 12
"""Characters of a text that says something."""
REFUSALS = ("wrong", "note", "Problem")
"""What a refusal, or a notice, is made with."""


def known() -> str:
    """Give all that tests say; texts over several lines are joined, as the language does it."""
    texts = (path.read_text() for path in sorted(TESTS.glob("test_*.py")))
    return re.sub(r"[\"']\s*\n\s*f?[\"']", "", "\n".join(texts))


def refusals() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the place of each refusal with the texts that stand in it."""
    for path in sorted(SOURCES.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _called(call) in REFUSALS:
                found = tuple(text for text in _texts(call) if len(text) >= SHORTEST)
                if found:
                    yield f"{path.name}:{call.lineno}", found


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value.strip(" ,")


FOUND = dict(refusals())
KNOWN = known()


@pytest.mark.parametrize("place", FOUND)
def test_a_refusal_is_known_by_its_words(place: str) -> None:
    """What a person reads when a Service is held was read by somebody, and stands in a test."""
    assert any(text in KNOWN for text in FOUND[place]), f"no test knows one of {FOUND[place]}"


def test_there_are_refusals() -> None:
    """Else all of the above is silence."""
    assert len(FOUND) > 30
