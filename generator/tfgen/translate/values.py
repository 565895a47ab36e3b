"""Reading one Service's annotations: a value each, or a problem each, never a silent default."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any, TypeVar

from tfgen import annotations, config, model
from tfgen.translate import shape

T = TypeVar("T")
CORRECT = "Correct it."
"""What to do where the value alone is wrong."""


class Reader:
    """The annotations of one Service, and the problems found while reading them."""

    def __init__(self, service: model.ServiceKey, found: Mapping[str, Any]) -> None:
        self._service = service
        self._found = found
        self.problems: list[model.Problem] = []

    def get(self, key: str, default: T) -> T:
        """Give the annotation's value, the default where it is absent or (with a problem) bad."""
        if not self.has(key):
            return default
        row, text = annotations.TABLE[key], self._found[key]
        try:
            value: T = row.parser(_text(text))
        except annotations.Invalid as wrong:
            self.wrong(f"annotation {key}", _shown(text), str(wrong), "Correct it, or remove it.")
            return default
        return value

    def wrong(self, field: str, found: object, expected: str, remedy: str = CORRECT) -> None:
        """Note a problem."""
        shown = shape.shown(found)
        problem = model.Problem(self._service, shape.clean(field), shown, expected, remedy)
        self.problems.append(problem)

    def malformed(self, wrong: shape.Malformed) -> None:
        """Note a field of a foreign type as a problem beside the others."""
        problem = model.Problem(self._service, wrong.field, wrong.found, wrong.expected, CORRECT)
        self.problems.append(problem)

    def has(self, key: str) -> bool:
        """Whether the Service carries an annotation; one without a value is no absent one."""
        return key in self._found

    def carries(self, key: str, text: str) -> bool:
        """Whether an annotation is just this text."""
        return self._found.get(key) == text

    def check_keys(self, settings: config.Settings) -> None:
        """Note every key of ours that is unknown, or known and not carried out by this version."""
        for key in self._ours():
            row = annotations.TABLE.get(key)
            if row is None:
                self._unknown(key)
            elif row.kind is annotations.Kind.PLANNED:
                self._check_planned(row, self._found[key], settings)

    def _ours(self) -> Iterator[str]:
        return (key for key in sorted(self._found) if annotations.is_ours(key))

    def _check_planned(
        self, row: annotations.Annotation, found: object, settings: config.Settings
    ) -> None:
        """Note it, unless its value asks for nothing: a setting that it would unset does count."""
        neutral = isinstance(found, str) and found in row.neutral
        aside = attrgetter(row.over)(settings) if row.over else ""
        if neutral and not aside:
            return
        expected = "an annotation that this version carries out"
        if neutral:
            expected += f" (setting {row.over} is {aside!r}, and would still hold)"
        remedy = "tfgen does not support it yet; remove it, or leave the Service to OCCM."
        self.wrong(f"annotation {row.key}", _shown(found), expected, remedy)

    def _unknown(self, key: str) -> None:
        near = annotations.nearest(key)
        remedy = f"Did you mean {near}?" if near else "Remove it, or correct its name."
        self.wrong(f"annotation {key}", _shown(self._found[key]), "a known annotation", remedy)


def _shown(value: object) -> object:
    return "null" if value is None else value


def _text(value: object) -> str:
    """Take an annotation's value: Kubernetes has texts only, files can hold anything."""
    if not isinstance(value, str):
        raise annotations.Invalid("a text (write it in quotes)")
    return value
