"""pydantic's errors, in the words of the person who wrote the file."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pydantic
from pydantic_core import ErrorDetails

from tfgen.config import faults, settings

_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "a map of keys and values",
    "int_type": "a whole number",
    "list_type": "a list",
    "mapping_type": "a map of keys and values",
    "missing": "a value: it has no default",
    "model_type": "a section: keys and values, indented",
    "string_too_short": "a text that is not empty",
    "string_type": "text",
}
_BOUNDED = {
    "greater_than_equal": "a whole number of at least {ge}",
    "less_than_equal": "a whole number of at most {le}",
    "string_pattern_mismatch": "text of the form {pattern}",
    "literal_error": "{expected}",
}
_CREDENTIAL = "Credentials are no settings: they stay in clouds.yaml or in the OS_* variables."


def of(error: pydantic.ValidationError) -> Iterator[tuple[faults.Key, faults.Fault]]:
    """Give each error of a validation with its key; where it stands is for the caller to add."""
    for detail in error.errors(include_url=False):
        key = tuple(part for part in detail["loc"] if part != "[key]")
        if detail["type"] == "invalid_key":
            key = (*key[:-1], str(key[-1]))
        yield key, _fault(key, detail)


def _fault(key: faults.Key, detail: ErrorDetails) -> faults.Fault:
    if detail["type"] in {"extra_forbidden", "invalid_key"}:
        return unknown("", key)
    found = "missing" if detail["type"] == "missing" else faults.shown(detail["input"], key)
    return faults.Fault("", faults.dotted(key), found, _expected(detail), _remedy(key, detail))


def unknown(where: str, key: faults.Key) -> faults.Fault:
    """Say that a key is no setting, with the nearest that is one."""
    name, names = str(key[-1]), fields_at(key[:-1])
    near = difflib.get_close_matches(name, names, n=1) or _elsewhere(name)
    remedy = f"Did you mean {faults.dotted((*key[:-1], near[0]))}?" if near else "Remove it."
    if near and near[0] not in names:
        remedy = f"Did you mean {near[0]}?"
    if faults.secret_name(name) or name in {"username", "user", "auth"}:
        remedy = _CREDENTIAL
    expected = f"one of {', '.join(names)}" if names else "nothing below it"
    return faults.Fault(where, faults.dotted(key), "not a setting", expected, remedy)


def _elsewhere(name: str) -> list[str]:
    """Give the settings of other sections that have this very name."""
    return [dotted for dotted in _all_keys(settings.Settings, "") if dotted.endswith(f".{name}")]


def _all_keys(kind: type[settings.Section], above: str) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        yield f"{above}{name}"
        inner = settings.section_of(field)
        if inner and not settings.is_map(field):
            yield from _all_keys(inner, f"{above}{name}.")


def fields_at(key: Sequence[str | int]) -> list[str]:
    """Give the names of the settings in the section at `key`; none where it is no section."""
    kind: type[settings.Section] | None = settings.Settings
    named = False
    for part in key:
        if isinstance(part, int) or named:
            named = False
            continue
        field = kind.model_fields.get(part) if kind else None
        kind = settings.section_of(field) if field else None
        named = bool(field and kind and settings.is_map(field))
    return list(kind.model_fields) if kind and not named else []


def _expected(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind in _BOUNDED:
        return _BOUNDED[kind].format_map(context)
    return _message(detail, context).removeprefix("expected ")


def _message(detail: ErrorDetails, context: Mapping[str, Any]) -> str:
    raised = context.get("error")
    return str(raised) if raised else detail["msg"].lower()


def _remedy(key: faults.Key, detail: ErrorDetails) -> str:
    number = isinstance(detail["input"], (int, float)) and not isinstance(detail["input"], bool)
    if detail["type"] == "string_type" and number:
        return f'Put quotes around it: {key[-1]}: "{detail["input"]}".'
    if detail["type"] == "missing" and key == ("tree",):
        return "`tfgen init` writes a random one, as 16 hexadecimal digits."
    if detail["type"] == "missing":
        return f"Add {faults.dotted(key)}."
    return "Correct it."
