"""Reading JSON of unknown shape: a value of the wanted type, or `Malformed`, never a crash."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
_WORDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "a whole number",
    bool: "a boolean",
}
_SHOWN = 80


class Malformed(Exception):  # noqa: N818  becomes a Problem
    """A field has not the type that the Kubernetes API gives it."""

    def __init__(self, field: str, found: object, expected: str) -> None:
        super().__init__(field)
        self.field, self.found, self.expected = field, shown(found), expected


def get(parent: Mapping[str, Any], key: str, kind: type[T], *, path: str = "") -> T | None:
    """Give `parent[key]` where it is of the wanted type, None where it is absent or null."""
    value: T | None = parent.get(key)
    if value is None or type(value) is kind:
        return value
    if not isinstance(value, kind) or kind is int:  # a boolean is an int to Python, and none here
        raise Malformed(f"{path}{key}", value, _WORDS[kind])
    return value


def section(parent: Mapping[str, Any], key: str, *, path: str = "") -> dict[str, Any]:
    """Give an object, empty where it is absent."""
    return get(parent, key, dict, path=path) or {}


def mapping(value: object) -> Mapping[str, Any]:
    """Give an object, empty for whatever else stands there."""
    return value if isinstance(value, dict) else {}


def texts(parent: Mapping[str, Any], key: str, *, path: str = "") -> tuple[str, ...]:
    """Give a list of texts, empty where it is absent."""
    values: Sequence[object] = get(parent, key, list, path=path) or []
    for value in values:
        if not isinstance(value, str):
            raise Malformed(f"{path}{key}", value, "a list of texts")
    return tuple(str(value) for value in values)


def shown(value: object) -> str:
    """Quote a value for a message: short, and with nothing that a terminal would obey."""
    text = value if isinstance(value, str) else repr(value)
    return f'"{clean(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")}"'


def clean(text: str) -> str:
    """Replace what does not print, so that a name cannot order a terminal about."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
