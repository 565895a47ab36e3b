"""What the text of an annotation means: one value, or a problem that says what is expected."""

import ast
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import vocabulary
from tfgen import annotations
from tfgen.annotations import parsers

TEXTS: list[tuple[Callable[[str], Any], str, Any]] = [
    (parsers.cidrs, "", ()),
    (parsers.some_cidrs, "10.0.0.0/8,", ("10.0.0.0/8",)),
    (parsers.limit, "-1", -1),
    (parsers.limit, "1", 1),
    (parsers.cidrs, "192.168.32.1/24", ("192.168.32.0/24",)),
    (parsers.cidrs, "10.0.0.0/8,\n9.0.0.0/8\t,", ("10.0.0.0/8", "9.0.0.0/8")),
    (parsers.cidrs, "2001:DB8::1/32", ("2001:db8::/32",)),
    (parsers.cidrs, "0.0.0.0/0", ("0.0.0.0/0",)),
    (parsers.integer(-1, 5), "-1", -1),
    (parsers.integer(0, 5), "05", 5),
    (parsers.boolean, "false", False),
    (parsers.only_true, "true", True),
    (parsers.object_id("it"), "", ""),
    (parsers.object_id("it"), "A" * 32, "a" * 32),
    (parsers.name, "", ""),
    (parsers.name, "zone a", "zone a"),
    (parsers.tags, "", ()),
    (parsers.hostname, "", ""),
    (parsers.hostname, "a.b-c.example", "a.b-c.example"),
    (parsers.pattern, "", ""),
    (parsers.pattern, "!~edge-[0-9]+", "!~edge-[0-9]+"),
    (parsers.subnet_tags, "!&a, b", "!&a, b"),
    (parsers.tags, " b ,a, b,", ("a", "b")),
    (parsers.tags, "tfgenerator", ("tfgenerator",)),
    (parsers.reference, "", ""),
    (parsers.references, "", ()),
    (parsers.references, "b a", ("b", "a")),
    (parsers.some_of("a", "b"), "b,a b", ("a", "b")),
    (parsers.proxy, "true", "PROXY"),
    (parsers.proxy, "false", ""),
    (parsers.https, "https://192.0.2.1", "https://192.0.2.1"),
]


@pytest.mark.parametrize(("parser", "text", "value"), TEXTS)
def test_a_text_has_one_value(parser: Callable[[str], Any], text: str, value: object) -> None:
    """CIDRs are normalised, without repetition, sorted as text."""
    assert parser(text) == value


BAD: list[tuple[Callable[[str], Any], str]] = [
    *((parsers.boolean, text) for text in ("True", "yes", "1", "", " true", "true\n")),
    *((parsers.only_true, text) for text in ("false", "")),
    *(
        (parsers.integer(0, 5), text)
        for text in ("6", "-1", "1e0", "", "٣", "1_0", "9" * 11, "1\n")
    ),
    *((parsers.reference, text) for text in ("a b", "a" * 256, "a\n")),
    *((parsers.some_of("a"), text) for text in ("", ",", "b", "a b")),
    *((parsers.ciphers, text) for text in ("", ":", "a:", "a,b", "!aNULL")),
    *((parsers.proxy, text) for text in ("", "True", "1", "v3")),
    *(
        (parsers.https, text)
        for text in ("", "http://a", "https://", "https://a/b", "https://a?b", "https://a:0", "a")
    ),
    *((parsers.one_of("a"), text) for text in ("A", "", "a ")),
    *((parsers.limit, text) for text in ("0", "-2", "", "2147483648")),
    *((parsers.cidrs, text) for text in (" ", ",", " , \n")),
    *((parsers.object_id("it"), text) for text in ("web", " ", "a" * 31, "a" * 32 + "\n")),
    *((parsers.name, text) for text in (" ", "a ", "a\n", "a" * 256)),
    *((parsers.word("it"), text) for text in ("", "a b", "-a", "a\n", "a" * 256)),
    *((parsers.hostname, text) for text in ("a..b", ".a", "a.", "a b", "-a", "a" * 64, "*.a")),
    *((parsers.pattern, text) for text in ("!", "~", "!~", "~[", "!~(")),
    *((parsers.subnet_tags, text) for text in ("!", "&", "a,", " ", "a|b")),
    *((parsers.tags, text) for text in ("tfgen", "a,tfgen_x", "a\x1bb", "a" * 256)),
    *((parsers.some_cidrs, text) for text in ("", " ", ",")),
    *(
        (parsers.cidrs, text)
        for text in (
            "10.0.0.1",
            "10.0.0.0/33",
            "10.0.0.0/255.0.0.0",
            "10.0.0/8",
            "010.0.0.0/8",
            "fe80::1%eth0/64",
            "10.0.0.0/8;11.0.0.0/8",
            "::/129",
            "10.0.0.0/-1",
            "10.0.0.0/8 x",
        )
    ),
]
MESSAGES: list[tuple[Callable[[str], Any], str, str]] = [
    (parsers.pattern, "~[", "a regular expression after ~ ("),
    (parsers.cidrs, " , ", "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"),
    (parsers.cidrs, "10.0.0.0/33", "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"),
    (parsers.some_cidrs, ",", "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"),
]
"""What no row above shows: ways to be wrong besides the one of each row."""


@pytest.mark.parametrize(("parser", "text", "expected"), MESSAGES)
def test_a_bad_text_is_told_what_is_expected(
    parser: Callable[[str], Any], text: str, expected: str
) -> None:
    """The words stand in the problem as they are."""
    with pytest.raises(annotations.Invalid) as told:
        parser(text)
    assert str(told.value).startswith(expected)


def test_every_rejection_has_its_message_tested() -> None:
    """Whatever line of a parser refuses a text does so in a table whose messages are compared."""
    tree = ast.parse(Path(parsers.__file__).read_text())
    raised = {each.lineno for each in ast.walk(tree) if isinstance(each, ast.Raise)}
    tried = [(annotations.TABLE[key].parser, bad) for key, _, _, bad, _ in vocabulary.INPUTS]
    tried += [(parser, text) for parser, text, _ in MESSAGES]
    assert raised - {line for parser, text in tried for line in _refused_at(parser, text)} == set()


def _refused_at(parser: Callable[[str], Any], text: str) -> Iterator[int]:
    try:
        parser(text)
    except annotations.Invalid as wrong:
        for frame, line in traceback.walk_tb(wrong.__traceback__):
            if frame.f_code.co_filename == parsers.__file__:
                yield line


@pytest.mark.parametrize(("parser", "text"), BAD)
def test_a_bad_text_is_invalid(parser: Callable[[str], Any], text: str) -> None:
    """A text that is not exactly right is never read as something near it."""
    with pytest.raises(annotations.Invalid):
        parser(text)
