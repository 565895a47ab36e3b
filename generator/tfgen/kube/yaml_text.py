"""YAML as Kubernetes means it: JSON values, YAML 1.2 scalars, and nothing that surprises.

Built on the events of libyaml rather than on PyYAML's loaders, because those turn `2026-01-01`
into a date, `on` into True and `12:30:45` into 45045, keep the last of two equal keys in silence,
crash the process on deep nesting, and take four times as long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_DEPTH = 100
MAX_ALIASED = 100_000
"""Values that aliases may stand for, all together: a page of them, never a bomb."""
_TEXT = 64
"""Characters of a text that count as one more value."""

# libyaml where PyYAML was built with it (its wheels are): eight times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
# A leading zero is text: YAML 1.1 reads it as octal and 1.2 as decimal.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,99})|0x[0-9a-fA-F]{1,99}|0o[0-7]{1,99}")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]{1,99}|(0|[1-9][0-9]{0,99})(\.[0-9]{0,99})?)([eE][-+]?[0-9]{1,2})?"
)
_NUMERIC_START = frozenset("+-.0123456789")
_TEXT_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null"))


class TextError(ValueError):
    """Text that is not the YAML of Kubernetes objects; `line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def documents(text: bytes) -> Iterator[tuple[int, object]]:
    """Give each document with the line it starts at. Raises TextError."""
    events = yaml.parse(text, Loader=_LOADER)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                reader = _Reader(events)
                first = next(events)
                yield _line(first), reader.value(first, 0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TextError(error.problem or "not YAML", mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise TextError(f"not YAML text: {getattr(error, 'reason', error)}", 1) from error


@dataclass(slots=True)
class _Reader:
    """Builds one document's value from its events."""

    events: Iterator[yaml.Event]
    count: int = 0
    aliased: int = 0
    anchors: dict[str, tuple[object, int]] = field(default_factory=dict)

    def value(self, event: yaml.Event, depth: int) -> object:
        """Build what starts with this event."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self.count
        built = self._node(event, depth)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self.anchors[event.anchor] = (built, self.count - before)
        return built

    def _node(self, event: yaml.Event, depth: int) -> object:
        self.count += 1
        if isinstance(event, yaml.ScalarEvent):
            self.count += len(event.value) // _TEXT
            return _scalar(event)
        if depth >= MAX_DEPTH:
            raise TextError(f"nested deeper than {MAX_DEPTH} levels", _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth + 1)
        return self._sequence(depth + 1)

    def _sequence(self, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, depth))
        return items

    def _mapping(self, depth: int) -> dict[str, object]:
        own: dict[str, object] = {}
        merged: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, is_merge = _key(event)
            value = self.value(next(self.events), depth)
            if is_merge:
                merged = {**_merge(value, event), **merged}
            elif key in own:
                raise TextError(f"key {key!r} stands twice in one mapping", _line(event))
            else:
                own[key] = value
        return {**merged, **own} if merged else own

    def _alias(self, event: yaml.AliasEvent) -> object:
        if event.anchor not in self.anchors:
            raise TextError(f"alias *{event.anchor} names no anchor before it", _line(event))
        value, size = self.anchors[event.anchor]
        self.count += size
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            raise TextError(f"aliases stand for more than {MAX_ALIASED} values", _line(event))
        return value


def _key(event: yaml.Event) -> tuple[str, bool]:
    """Give a key's text, and whether it is the merge key `<<`."""
    if isinstance(event, yaml.ScalarEvent):
        return event.value, event.value == "<<" and event.implicit[0]
    raise TextError("a key is not plain text", _line(event))


def _merge(value: object, event: yaml.Event) -> dict[str, object]:
    """Fold what a `<<` key names; of several mappings the first wins."""
    folded: dict[str, object] = {}
    for part in value if isinstance(value, list) else [value]:
        if not isinstance(part, dict):
            raise TextError("a merge key (<<) names something that is no mapping", _line(event))
        folded = {**part, **folded}
    return folded


def _scalar(event: yaml.ScalarEvent) -> object:
    tag = event.tag
    if tag is None:
        return _plain(event.value) if event.implicit[0] else event.value
    if tag in _TEXT_TAGS:
        return event.value
    if tag in _PLAIN_TAGS:
        return _plain(event.value)
    raise TextError(f"tag {tag} means nothing in a Kubernetes object", _line(event))


def _plain(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _INT.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
