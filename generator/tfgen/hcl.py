"""Python values as HCL text, safe by construction.

A plain `str` is data and gets quoted; only `Expr` is HCL. No text of a Service can become code:
quotes, backslashes, control characters, `${` and `%{` are escaped as the language says
(HCL native syntax specification, "Template Expressions").
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_INDENT = "  "
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f\u2028\u2029]|\$\{|%\{')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Expr(str):
    """Text that is HCL already: a reference, a traversal, a function call."""

    __slots__ = ()


def literal(value: Any, depth: int = 1) -> str:  # noqa: ANN401  any value that HCL has a form for
    """Give a value's HCL text; the items of sequences and objects take a line each.

    `depth` is the indentation level of the argument that the value stands in. Raises TypeError for
    a value that HCL has no form for.
    """
    match value:
        case Expr():
            return str.__str__(value)
        case str():
            return _quoted(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Mapping():
            return _object(value, depth)
        case Sequence():
            return _tuple(value, depth)
        case _:
            raise TypeError(f"{type(value).__name__} has no HCL form")


def reference(*parts: str) -> Expr:
    """Join identifiers to a traversal: `openstack_lb_loadbalancer_v2.lb_a_b.id`."""
    for part in parts:
        if not _IDENTIFIER.fullmatch(part):
            raise ValueError(f"{part!r} is not an HCL identifier")
    return Expr(".".join(parts))


@lru_cache(maxsize=65_536)
def _quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escape, str(text))}"' if _SPECIAL.search(text) else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) > 1:
        return found[0] + found
    return _SHORT.get(found) or f"\\u{ord(found):04x}"


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
    keys = [key if _IDENTIFIER.fullmatch(key) else _quoted(key) for key in values]
    width = max(map(len, keys))
    pairs = zip(keys, values.values(), strict=True)
    lines = (f"{inner}{key:<{width}} = {literal(value, depth + 1)}\n" for key, value in pairs)
    return "{\n" + "".join(lines) + f"{outer}}}"
