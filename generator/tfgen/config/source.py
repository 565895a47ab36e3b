"""Reading YAML with the line of each key. YAML 1.2; nothing but plain values comes of it."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from tfgen import errors
from tfgen.config import faults

_DEEPEST = 20
"""Levels of keys that get a line of their own; an alias within itself ends here."""


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML document: its plain values, and the line (from 1) where each key stands."""

    data: Any = None
    lines: Mapping[faults.Key, int] = field(default_factory=dict)

    def line(self, key: faults.Key) -> int | None:
        """Give the line of a key, or of the nearest key above it."""
        above = (self.lines.get(key[:length]) for length in range(len(key), 0, -1))
        return next((line for line in above if line is not None), None)


def read(text: str, name: str) -> Source:
    """Read one YAML document. Raises SettingsError where it is none, naming `name` and line."""
    try:
        root = _yaml().compose(io.StringIO(text))
        return Source(_yaml().load(text), dict(_lines(root, ())))
    except MarkedYAMLError as error:
        raise _broken(name, error) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise errors.SettingsError(
            f"{name} is not YAML: {error}", remedy="Save it as UTF-8 text in YAML 1.2."
        ) from error


def value(text: str) -> Any:  # noqa: ANN401  a value of a setting can be anything in YAML
    """Read one value, as an environment variable gives it. Raises ValueError where it is none."""
    try:
        return _yaml().load(text)
    except YAMLError as error:
        raise ValueError(f"{text!r} is no value in YAML") from error


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _lines(node: Node | None, key: faults.Key) -> Iterator[tuple[faults.Key, int]]:
    if len(key) > _DEEPEST:
        return
    if isinstance(node, MappingNode):
        for name, child in node.value:
            yield (*key, str(name.value)), name.start_mark.line + 1
            yield from _lines(child, (*key, str(name.value)))
    elif isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            yield (*key, index), child.start_mark.line + 1
            yield from _lines(child, (*key, index))


def _broken(name: str, error: MarkedYAMLError) -> errors.SettingsError:
    mark = error.problem_mark or error.context_mark
    where = f"{name}:{mark.line + 1}" if mark else name
    return errors.SettingsError(
        f"{where}: not YAML: {error.problem or error.context}",
        remedy="Correct the line: a setting is `key: value`, indented with spaces, given once.",
    )
