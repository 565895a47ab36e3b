"""Reading one Service's annotations: a value each, or a problem each, never a silent default."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from tfgen import annotations, model
from tfgen.translate import shape

T = TypeVar("T")


class Reader:
    """The annotations of one Service, and the problems found while reading them."""

    def __init__(self, service: model.ServiceKey, found: Mapping[str, Any]) -> None:
        self._service = service
        self._found = found
        self.problems: list[model.Problem] = []

    def get(self, key: str, default: T) -> T:
        """Give the annotation's value, the default where it is absent or (with a problem) bad."""
        text = self._found.get(key)
        if text is None:
            return default
        row = annotations.TABLE[key]
        try:
            value: T = row.parser(_text(text))
        except annotations.Invalid as wrong:
            self.wrong(f"annotation {key}", text, str(wrong), "Correct it, or remove it.")
            return default
        return value

    def wrong(self, field: str, found: object, expected: str, remedy: str = "") -> None:
        """Note a problem."""
        shown = shape.shown(found)
        problem = model.Problem(self._service, shape.clean(field), shown, expected, remedy)
        self.problems.append(problem)

    def malformed(self, wrong: shape.Malformed) -> None:
        """Note a field of a foreign type as a problem beside the others."""
        problem = model.Problem(self._service, wrong.field, wrong.found, wrong.expected)
        self.problems.append(problem)

    def has(self, key: str) -> bool:
        """Whether the Service carries an annotation."""
        return self._found.get(key) is not None

    def check_keys(self) -> None:
        """Note every key of ours that is unknown, or known and not carried out by this version."""
        for key in self._ours():
            row = annotations.TABLE.get(key)
            if row is None:
                self._unknown(key)
            elif row.kind is annotations.Kind.PLANNED and not _asks_nothing(row, self._found[key]):
                self.wrong(
                    f"annotation {key}",
                    self._found[key],
                    "an annotation that this version carries out",
                    "tfgen does not support it yet; remove it, or leave the Service to OCCM.",
                )

    def _ours(self) -> Iterator[str]:
        return (key for key in sorted(self._found) if annotations.is_ours(key))

    def _unknown(self, key: str) -> None:
        near = annotations.nearest(key)
        remedy = f"Did you mean {near}?" if near else "Remove it, or correct its name."
        self.wrong(f"annotation {key}", self._found[key], "a known annotation", remedy)


def _asks_nothing(row: annotations.Annotation, value: object) -> bool:
    return isinstance(value, str) and value in row.neutral


def _text(value: object) -> str:
    """Take an annotation's value: Kubernetes has texts only, files can hold anything."""
    if not isinstance(value, str):
        raise annotations.Invalid("a text (write it in quotes)")
    return value
