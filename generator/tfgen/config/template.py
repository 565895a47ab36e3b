"""The tfgen.yaml that `tfgen init` writes: each setting with its sentence, defaults as comments."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from tfgen.config import settings, yaml_text

_HEAD = """\
# What tfgen does for one cluster; made by `tfgen init`, yours to edit. It belongs in Git, and holds
# no credentials. A line that begins with "# " and a key is that setting's default: uncomment it to
# change it. `tfgen config show --origin` prints what holds.
"""
_WIDTH = 100
_INDENT = "  "

Key = tuple[str, ...]
Values = Mapping[Key, Any]


def document(values: Values, notes: Mapping[Key, str]) -> str:
    """Write the file. `values` by key are set; a note is a comment more above its setting."""
    return "\n".join([_HEAD, *_Template(values, notes).section(settings.Settings, ())]) + "\n"


class _Template:
    def __init__(self, values: Values, notes: Mapping[Key, str]) -> None:
        self._values = values
        self._notes = notes

    def section(self, kind: type[settings.Section], above: Key) -> Iterator[str]:
        """Write the settings of one section, with a blank line between those at the top."""
        for name, field in kind.model_fields.items():
            key = (*above, name)
            yield from self._comment(key, field)
            inner = settings.section_of(field)
            if inner is field.annotation and inner:
                yield self._line(key, "", live=self._is_live(key))
                yield from self.section(inner, key)
            else:
                yield from self._value(key, field)
            if not above:
                yield ""

    def _value(self, key: Key, field: FieldInfo) -> Iterator[str]:
        live = self._is_live(key)
        value = self._gathered(key) if live else field.get_default(call_default_factory=True)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield self._line(key, "", live=live)
            for item in value:
                yield from _item(item, _INDENT * len(key))
        else:
            yield self._line(key, yaml_text.flow(value), live=live)

    def _gathered(self, key: Key) -> Any:  # noqa: ANN401  any value of a setting
        """Give a value: as it is said, or as the map of what is said below it."""
        if key in self._values:
            return self._values[key]
        below = {path[len(key)] for path in self._values if path[: len(key)] == key}
        return {name: self._gathered((*key, name)) for name in sorted(below)}

    def _comment(self, key: Key, field: FieldInfo) -> Iterator[str]:
        """Write the sentence, one comment deeper where the section itself is a comment."""
        prefix = self._prefix(key, live=self._is_live(key[:-1]) or len(key) == 1)
        inner = settings.section_of(field)
        sentence = (inner.__doc__ if inner is field.annotation else field.description) or ""
        for text in filter(None, (sentence, self._notes.get(key, ""))):
            yield from textwrap.wrap(
                text, _WIDTH, initial_indent=f"{prefix}# ", subsequent_indent=f"{prefix}# "
            )

    def _line(self, key: Key, value: str, *, live: bool) -> str:
        prefix = self._prefix(key, live=live)
        return f"{prefix}{key[-1]}: {value}".rstrip()

    def _prefix(self, key: Key, *, live: bool) -> str:
        """Indent a line; a comment starts at the indent of the outermost section that is one."""
        depth = len(key) - 1
        if live:
            return _INDENT * depth
        sections = (length for length in range(1, depth + 1) if not self._is_live(key[:length]))
        start = next(sections, depth + 1) - 1
        return f"{_INDENT * start}# {_INDENT * (depth - start)}"

    def _is_live(self, key: Key) -> bool:
        return any(set_key[: len(key)] == key for set_key in self._values)


def _item(item: Mapping[str, Any], indent: str) -> Iterator[str]:
    for index, (name, value) in enumerate(item.items()):
        yield f"{indent}{'- ' if index == 0 else '  '}{name}: {yaml_text.flow(value)}"
