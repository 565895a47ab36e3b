"""Python values as HCL text, safe by construction.

A plain `str` is data and gets quoted; only `Expr` is HCL. No text of a Service can become code:
quotes, backslashes, `${` and `%{` are escaped as the language says (HCL native syntax
specification, "Template Expressions"), and so is whatever does not print, so that what a reviewer
sees is what runs.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from types import NoneType
from typing import Any

_INDENT = "  "
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TEMPLATE = re.compile(r"[$%](?=\{)")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BEYOND_BMP = 0x10000


class Expr(str):
    """Text that is HCL already: a reference, a traversal, a function call."""

    __slots__ = ()


def literal(value: Any, depth: int = 1) -> str:  # noqa: ANN401  any value that HCL has a form for
    """Give a value's HCL text; the items of sequences and objects take a line each.

    `depth` is the indentation level of the argument that the value stands in. Raises TypeError for
    a value that HCL has no form for.
    """
    scalar = _SCALARS.get(type(value))
    return scalar(value) if scalar else _composite(value, depth)


def _composite(value: Any, depth: int) -> str:  # noqa: ANN401  any value that HCL has a form for
    if isinstance(value, (list, tuple)):
        return _tuple(value, depth)
    if isinstance(value, Mapping):
        return _object(value, depth)
    if isinstance(value, str):
        return _quoted(str(value))
    raise TypeError(f"{value!r} ({type(value).__name__}) has no HCL form")


@lru_cache(maxsize=65_536)
def _quoted(text: str) -> str:
    plain = text.isprintable() and '"' not in text and "\\" not in text
    escaped = text if plain else "".join(map(_escape, text))
    return f'"{_TEMPLATE.sub(_twice, escaped)}"' if "{" in escaped else f'"{escaped}"'


def _escape(character: str) -> str:
    short = _SHORT.get(character)
    if short or character.isprintable():
        return short or character
    point = ord(character)
    return f"\\u{point:04x}" if point < _BEYOND_BMP else f"\\U{point:08x}"


def _twice(match: re.Match[str]) -> str:
    return match[0] * 2


def _tuple(values: Sequence[Any], depth: int) -> str:
    items = [literal(value, depth + 1) for value in values]
    if not items:
        return "[]"
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    return "[\n" + "".join(f"{inner}{item},\n" for item in items) + f"{outer}]"


def _object(values: Mapping[str, Any], depth: int) -> str:
    if not values:
        return "{}"
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    pairs = [(_key(key), literal(value, depth + 1)) for key, value in values.items()]
    lines = (f"{inner}{key} = {value}\n" for key, value in _aligned(pairs))
    return "{\n" + "".join(lines) + f"{outer}}}"


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else _quoted(key)


def _aligned(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pad keys as `terraform fmt` does: neighbours of one line each stand under one another."""
    for one_line, run in groupby(pairs, lambda pair: "\n" not in pair[1]):
        together = list(run)
        width = max(len(key) for key, _ in together) if one_line else 0
        yield from ((f"{key:<{width}}", value) for key, value in together)


def _finite(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    raise TypeError(f"{value!r} has no HCL form")


_SCALARS: Mapping[type, Callable[[Any], str]] = {
    Expr: lambda value: value,
    str: _quoted,
    NoneType: lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _finite,
}
