"""Each row of the vocabulary has a line that says how the laboratory proves it."""

import ast
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import promises
from tests.e2e import test_every_row as combined
from tfgen import annotations
from tfgen.config import settings
from tools.coverage import page, verdict, words

E2E = Path(combined.__file__).parent
LINES = {
    **promises.ANNOTATIONS,
    **{f"spec.{name}": line for name, line in promises.FIELDS.items()},
    **{f"classes.{name}": line for name, line in promises.CLASSES.items()},
}


def leaves(section: type[settings.Section], above: str = "") -> Iterator[str]:
    """Give the keys of a section, those of sections in it by their path."""
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, settings.Section):
            yield from leaves(kind, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def test_no_annotation_is_missing() -> None:
    """Whatever is carried out, read of Nodes or written has a line."""
    assert promises.ANNOTATIONS.keys() == annotations.TABLE.keys()


def test_no_key_of_a_class_is_missing() -> None:
    """A key that a class gets needs a line, too."""
    assert promises.CLASSES.keys() == set(leaves(settings.Class))


def test_no_field_of_a_service_is_missing() -> None:
    """Each field that is carried out has a line."""
    carried = {
        word.name
        for title, word, found in page.rows()
        if title == page.FIELDS and found.outcome is verdict.Outcome.CARRIED_OUT
    }
    assert promises.FIELDS.keys() >= carried
    assert promises.FIELDS.keys() <= {word.name for word in words.FIELDS}


@pytest.mark.parametrize("key", LINES)
def test_a_line_is_proven_by_what_there_is(key: str) -> None:
    """By a Service of the combined test, which says it, or by a test of tests/e2e, or by both."""
    line = LINES[key]
    assert line.service or line.test
    if line.service:
        assert line.service in combined.SPECS
        assert not key.startswith("classes.") or line.service in promises.NAMES
    if line.test:
        file, _, name = line.test.partition("::")
        assert name in names_in(file), f"{line.test} is not there"


@functools.cache
def names_in(file: str) -> frozenset[str]:
    """Give the tests of a file; the fast ones, which run without a laboratory, do not count."""
    body = ast.parse((E2E / file).read_text()).body
    return frozenset(each.name for each in body if isinstance(each, ast.FunctionDef))


def test_values_name_ids_and_nothing_is_left_unnamed() -> None:
    """Names in braces are replaced wherever they stand."""
    names: Mapping[str, str] = {"small": "1", "public": "2"}
    value = {"a": ["{small}", 3], "b": {"c": "x{public}"}, "d": None}
    assert promises.filled(value, names) == {"a": ["1", 3], "b": {"c": "x2"}, "d": None}
