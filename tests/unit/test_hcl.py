"""Values become HCL text that says the same, and never code."""

import enum
from typing import Any

import pytest

from tfgen import hcl

SCALARS: list[tuple[object, str]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-1, "-1"),
    (2.5, "2.5"),
    ("", '""'),
    ("plain text", '"plain text"'),
    ("é 世界 🐟", '"é 世界 🐟"'),
    ('say "hi"', r'"say \"hi\""'),
    ("back\\slash", r'"back\\slash"'),
    ("a\nb\rc\td", r'"a\nb\rc\td"'),
    ("\x00\x1b\x7f", r'"\u0000\u001b\u007f"'),
    ("${file(1)}", '"$${file(1)}"'),
    ("%{if true}", '"%%{if true}"'),
    ("$${", '"$$${"'),
    ("$ { % 100%", '"$ { % 100%"'),
    ("\u202edesrever", r'"\u202edesrever"'),
    ("\u2028", r'"\u2028"'),
    ("\U000e0041", r'"\U000e0041"'),
    (hcl.Expr("var.a"), "var.a"),
    ([], "[]"),
    ((), "[]"),
    ({}, "{}"),
]


@pytest.mark.parametrize(("value", "text"), SCALARS, ids=lambda value: ascii(value)[:24])
def test_a_value_has_one_text(value: object, text: str) -> None:
    """Text is quoted and escaped; only an `Expr` is code; what does not print is escaped."""
    assert hcl.literal(value) == text


def test_an_enum_is_its_text() -> None:
    """A `StrEnum` is written as the text that it is."""

    class Colour(enum.StrEnum):
        RED = "red"

    assert hcl.literal(Colour.RED) == '"red"'


def test_items_take_a_line_each() -> None:
    """A list and an object are laid out as `terraform fmt` does, nested ones too."""
    value = {"name": "a", "long_name": 1, "list": ["b", hcl.Expr("c.d")], "x": {"y z": None}}
    assert (
        hcl.literal(value, 0)
        == """\
{
  name      = "a"
  long_name = 1
  list = [
    "b",
    c.d,
  ]
  x = {
    "y z" = null
  }
}"""
    )


def test_neighbours_align_between_blocks_alone() -> None:
    """A value of several lines ends the run of aligned keys, as in `terraform fmt`."""
    value = {"a": 1, "block": [1], "bcd": 2, "e": 3}
    assert hcl.literal(value, 0).splitlines()[1:-1] == [
        "  a = 1",
        "  block = [",
        "    1,",
        "  ]",
        "  bcd = 2",
        "  e   = 3",
    ]


@pytest.mark.parametrize("key", ['a"b', "${a}", "1a", "", "a b", "a.b"])
def test_a_key_that_is_no_identifier_is_quoted(key: str) -> None:
    """Keys are data as well: they cannot become code."""
    assert hcl.literal({key: 1}) == "{\n    " + hcl.literal(key) + " = 1\n  }"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", float("nan"), float("inf"), [{1}]])
def test_a_value_without_a_form_is_refused(value: Any) -> None:  # noqa: ANN401  of no known form
    """What HCL cannot say raises, rather than being written as something else."""
    with pytest.raises(TypeError, match="has no HCL form"):
        hcl.literal(value)
