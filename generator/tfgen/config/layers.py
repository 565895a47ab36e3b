"""The layers of a setting: flag, then TFGEN_* variable, then file, then default."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from pydantic.fields import FieldInfo

from tfgen.config import faults, settings, source, wording

PREFIX = "TFGEN_"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Said:
    """A value that a variable or a flag gives to one setting."""

    key: faults.Key
    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class Layers:
    """The settings as data before they are checked, and who said what beside the file."""

    data: Any
    said: Mapping[faults.Key, str] = field(default_factory=dict)
    problems: tuple[faults.Fault, ...] = ()


def fold(document: Any, environ: Mapping[str, str], flags: Mapping[str, object]) -> Layers:  # noqa: ANN401  YAML not yet checked
    """Lay variables and flags over the file's document. A flag that is None says nothing."""
    found = list(_from_environment(environ))
    problems = tuple(said for said in found if isinstance(said, faults.Fault))
    variables = [said for said in found if isinstance(said, Said)]
    data = {} if document is None else copy.deepcopy(document)
    said = {}
    for each in (*variables, *_from_flags(flags, variables)):
        if put(data, each.key, each.value):
            said[each.key] = each.origin
    return Layers(data, said, problems)


def _from_flags(flags: Mapping[str, object], variables: list[Said]) -> Iterator[Said]:
    """Give what flags say; the twin TFGEN_* of a flag reaches us as the flag, and is named."""
    twins = {said.key: said for said in variables}
    for name, given in flags.items():
        if given is None:
            continue
        key: faults.Key = tuple(name.split("."))
        value = str(given) if isinstance(given, PurePath) else given
        twin = twins.get(key)
        same = twin is not None and str(twin.value) == str(value)
        yield Said(key, value, twin.origin if twin and same else f"--{name.replace('_', '-')}")


def _from_environment(environ: Mapping[str, str]) -> Iterator[Said | faults.Fault]:
    """Read TFGEN_OUT, TFGEN_GUARDS__STOP, ...; an empty variable says nothing.

    A name without `__` that is no setting may be the twin of a flag: it is not ours to judge.
    """
    for name, text in sorted(environ.items()):
        parts = tuple(name.removeprefix(PREFIX).lower().split("__"))
        nested, setting = len(parts) > 1, parts[0] in settings.Settings.model_fields
        if name.startswith(PREFIX) and text and (nested or setting):
            yield _variable(name, parts, text)


def _variable(name: str, parts: tuple[str, ...], text: str) -> Said | faults.Fault:
    found = _field(parts)
    if found is None:
        fault = wording.unknown(name, parts)
        return faults.Fault(name, fault.key, fault.found, fault.expected, fault.remedy)
    if settings.section_of(found) is found.annotation:
        example = f"{name}__{next(iter(wording.fields_at(parts))).upper()}"
        return faults.Fault(
            name, faults.dotted(parts), "a section", "one setting", f"Name it: {example}."
        )
    if settings.is_text(found):
        return Said(parts, text, name)
    try:
        return Said(parts, source.value(text), name)
    except ValueError:
        shown = faults.shown(text, parts)
        return faults.Fault(name, faults.dotted(parts), shown, "a value as tfgen.yaml takes it")


def _field(parts: tuple[str, ...]) -> FieldInfo | None:
    """Find the field that a variable names; what is below a free map belongs to the map."""
    kind: type[settings.Section] = settings.Settings
    for index, part in enumerate(parts):
        found = kind.model_fields.get(part)
        last = index == len(parts) - 1
        if found is None or last:
            return found
        inner = settings.section_of(found)
        if inner is not found.annotation or inner is None:
            return found if settings.is_map(found) else None
        kind = inner
    return None


def put(data: Any, key: faults.Key, value: object) -> bool:  # noqa: ANN401  YAML not yet checked
    """Set one value in place; not below what is no map, which is an error of its own."""
    for part in key[:-1]:
        if not isinstance(data, dict):
            return False
        data = data.setdefault(part, {})
    if not isinstance(data, dict):
        return False
    data[key[-1]] = value
    return True
