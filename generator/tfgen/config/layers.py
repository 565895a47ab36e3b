"""The layers of a setting: flag, then TFGEN_* variable, then file, then default."""

import copy
import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from pydantic.fields import FieldInfo

from tfgen.config import faults, settings, source, wording

PREFIX = "TFGEN_"
DEFAULT = "default"
_NEAR = 0.8
"""How alike names are: what they all begin with counts, too."""
_FOREIGN = re.compile(
    r"TFGEN_LAB_\w+"
    r"|TFGEN_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)"
)
"""The laboratory's, and what Kubernetes gives each pod beside a Service named tfgen or tfgen-x."""

Twins = Callable[[], Collection[str]]
"""Gives the variables of all flags, for they are not settings."""


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


def fold(
    document: Any,  # noqa: ANN401  YAML not yet checked
    environ: Mapping[str, str],
    flags: Mapping[str, object],
    twins: Twins | None = None,
) -> Layers:
    """Lay variables and flags over the file's document. A flag that is None says nothing.

    Without `twins`, a variable that may be the twin of a flag is not judged.
    """
    found = list(_from_environment(environ, twins))
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


def _from_environment(
    environ: Mapping[str, str], twins: Twins | None
) -> Iterator[Said | faults.Fault]:
    """Read TFGEN_OUT, TFGEN_GUARDS__STOP, ...; an empty variable says nothing."""
    for name, text in sorted(environ.items()):
        if not (name.startswith(PREFIX) and text):
            continue
        parts = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if len(parts) > 1 or parts[0] in settings.Settings.model_fields:
            yield _variable(name, parts, text)
        elif twins and not _FOREIGN.fullmatch(name) and name not in (known := twins()):
            yield _mistyped(name, known)


def _mistyped(name: str, twins: Collection[str]) -> faults.Fault:
    known = {*twins, *(f"{PREFIX}{each.upper()}" for each in settings.Settings.model_fields)}
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=_NEAR)
    remedy = f"Did you mean {near[0]}?" if near else "Correct its name, or unset it."
    expected = "the variable of a setting or of a flag"
    return faults.Fault(name, "the variable", "none that tfgen reads", expected, remedy)


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
