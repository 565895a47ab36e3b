"""Reading one Service's annotations: a value each, or a problem each, never a silent default."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from tfgen import annotations, config, model
from tfgen.resolved import Resolved
from tfgen.translate import per_port, shape

T = TypeVar("T")
CORRECT = "Correct it."
"""What to do where the value alone is wrong."""
_OF_NODES = "an annotation of Services (this one is for Nodes)"
CORRECT_OR_REMOVE = "Correct it, or remove it."
"""What to do where nobody needs to say it."""


class Reader:
    """The annotations of one Service, or of one of its ports, and the problems found in them."""

    def __init__(
        self, service: model.ServiceKey, found: Mapping[str, Any], own: per_port.Own | None = None
    ) -> None:
        self._service = service
        self._found = found
        self._own = own or {}
        self._of_ports: list[str] | None = None
        self.problems: list[model.Problem] = []
        self.notices: list[model.Notice] = []
        self.queries: list[model.SubnetQuery | model.BalancerQuery] = []
        self.resolved = Resolved()
        """What only a cloud or a Secret could tell."""

    @property
    def service(self) -> model.ServiceKey:
        """Whose annotations they are."""
        return self._service

    def at(self, names: Collection[str]) -> "Reader":
        """Give the reader of one port, known by these names: itself where it says nothing."""
        own = per_port.own(self._ports(), names)
        if not own:
            return self
        laid_over = {**self._found, **{key: self._found[said] for key, said in own.items()}}
        reader = Reader(self._service, laid_over, own)
        reader.problems, reader.notices = self.problems, self.notices
        reader.resolved = self.resolved
        return reader

    def without(self, keys: frozenset[str]) -> "Reader":
        """Give the reader of the same Service as if it did not say some of it."""
        found = {key: text for key, text in self._found.items() if key not in keys}
        reader = Reader(self._service, found)
        reader.problems, reader.notices = self.problems, self.notices
        reader.queries, reader.resolved = self.queries, self.resolved
        return reader

    def of_port(self, key: str) -> bool:
        """Whether the port says an annotation for itself."""
        return key in self._own

    def name(self, key: str) -> str:
        """Give the annotation that says it, as a person finds it in the manifest."""
        return f"annotation {self._own.get(key, key)}"

    def said(self, key: str, profile: config.Profile) -> str:
        """Name who says a value: the annotation, or the setting that holds where there is none."""
        if self.has(key):
            return self.name(key)
        return f"setting {profile.said(annotations.TABLE[key].place)}"

    def get(self, key: str, default: T) -> T:
        """Give the annotation's value, the default where it is absent or (with a problem) bad."""
        if key not in self._found:
            return default
        row, text = annotations.TABLE[key], self._found[key]
        try:
            value: T = row.parser(_text(text))
        except annotations.Invalid as wrong:
            self.wrong(self.name(key), _shown(text), str(wrong), CORRECT_OR_REMOVE)
            return default
        return value

    def wrong(self, field: str, found: object, expected: str, remedy: str = CORRECT) -> None:
        """Note a problem."""
        shown = shape.shown(found)
        problem = model.Problem(self._service, shape.clean(field), shown, expected, remedy)
        self.problems.append(problem)

    def note(self, text: str) -> None:
        """Note what is worth saying, and holds nothing back."""
        self.notices.append(model.Notice(f"Service {self._service}", shape.clean(text)))

    def text(self, key: str) -> object:
        """Give what an annotation says, unread, to be shown."""
        return _shown(self._found[key])

    def malformed(self, wrong: shape.Malformed) -> None:
        """Note a field of a foreign type as a problem beside the others."""
        problem = model.Problem(self._service, wrong.field, wrong.found, wrong.expected, CORRECT)
        self.problems.append(problem)

    def has(self, key: str) -> bool:
        """Whether the Service carries an annotation; one without a value is no absent one."""
        return key in self._found

    def says(self, keys: frozenset[str]) -> bool:
        """Whether the Service carries any of some annotations."""
        return not keys.isdisjoint(self._found)

    def carries(self, key: str, text: str) -> bool:
        """Whether an annotation is just this text."""
        return self._found.get(key) == text

    def check_keys(self) -> None:
        """Note every key of ours that is unknown, or not for Services."""
        for key in self.ours():
            row = annotations.TABLE.get(key)
            if key.startswith(annotations.PORT):
                continue
            if row is None:
                self._unknown(key)
            elif row.kind is annotations.Kind.NODE:
                self.wrong(f"annotation {key}", _shown(self._found[key]), _OF_NODES, "Remove it.")

    def check_ports(self, known: Collection[str]) -> None:
        """Note what is said for one port where there is no such port, or no such setting."""
        for key in self._ports():
            wrong = per_port.wrong(key, known)
            if wrong:
                self.wrong(f"annotation {key}", *wrong)

    @property
    def has_ports(self) -> bool:
        """Whether any port says something for itself; most Services leave it at that."""
        return bool(self._ports())

    def _ports(self) -> list[str]:
        """Give the keys of single ports: read once, for most Services have none."""
        if self._of_ports is None:
            self._of_ports = sorted(key for key in self._found if key.startswith(annotations.PORT))
        return self._of_ports

    def texts(self, keys: Collection[str]) -> Iterator[tuple[str, str]]:
        """Give what some annotations say, unread, where they say something."""
        for key in keys:
            text = self._found.get(key)
            if isinstance(text, str) and text:
                yield key, text

    def ours(self) -> Iterator[str]:
        """Give the keys that are for us to carry out, sorted."""
        return (key for key in sorted(self._found) if annotations.is_ours(key))

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
