"""From a file, the environment and flags to settings that hold, or to every reason why not."""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pydantic
from pydantic.fields import FieldInfo

from tfgen import errors
from tfgen.config import faults, layers, rules, settings, source, wording

FILE = "tfgen.yaml"
NO_FLAGS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that hold, and where they came from."""

    settings: settings.Settings
    path: Path
    """The file, absolute."""
    origins: Mapping[str, str]
    """Who said each setting: `{"guards.stop": "TFGEN_GUARDS__STOP"}`, "tfgen.yaml:3", "default"."""
    out: Path
    """The output tree, absolute."""


def load(
    path: Path | None,
    *,
    flags: Mapping[str, object] = NO_FLAGS,
    environ: Mapping[str, str],
    twins: layers.Twins | None = None,
) -> Loaded:
    """Load the settings: flag over TFGEN_* over file over default.

    Without a path, tfgen.yaml is searched from the working directory upwards. `flags` are named
    like settings (`out`, `guards.stop`). With the variables of all flags as `twins`, a TFGEN_*
    variable beside them is wrong. Raises SettingsError with everything that is wrong.
    """
    found = _find(path)
    name = display(found)
    document = source.read(text(found, name), name)
    folded = layers.fold(document.data, environ, flags, twins)
    checked = _Check(name, document, folded)
    values = checked.settings()
    origins = dict(_origins(values.model_dump(), (), checked))
    said_here = ("out",) in folded.said
    base = Path.cwd() if said_here else found.parent  # in the file, a path counts from the file
    return Loaded(values, found, origins, (base / Path(values.out).expanduser()).absolute())


def parse(text: str, name: str) -> settings.Settings:
    """Read settings from text, without variables and flags. Raises SettingsError as load does."""
    document = source.read(text, name)
    return _Check(name, document, layers.fold(document.data, {}, {})).settings()


def expected(key: tuple[str, ...], value: object) -> str:
    """Say what one setting expects, where `value` is not it; nothing where it is."""
    data: dict[str, Any] = {}
    layers.put(data, key, value)
    try:
        settings.Settings.model_validate({"cluster": "x", "tree": "0" * 16, **data})
    except pydantic.ValidationError as error:
        return next(fault.expected for _, fault in wording.of(error))
    return ""


def _find(path: Path | None) -> Path:
    if path is not None:
        return path.absolute()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder / FILE
    raise errors.SettingsError(
        f"no {FILE} in {here} or a folder above it",
        remedy="Make one with `tfgen init --cluster NAME`, or name one with --config FILE.",
    )


def display(path: Path) -> str:
    """Write a path as people would type it: from here, where it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def text(path: Path, name: str) -> str:
    """Read a file of settings, called `name` in messages. Raises SettingsError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise errors.SettingsError(
            f"settings file {name} does not exist",
            remedy="Make one with `tfgen init --cluster NAME`, or correct --config.",
        ) from error
    except UnicodeDecodeError as error:
        raise errors.SettingsError(
            f"settings file {name} is not UTF-8 text: {error.reason} at byte {error.start}",
            remedy="Save it as UTF-8.",
        ) from error
    except OSError as error:
        raise errors.SettingsError(
            f"settings file {name} cannot be read: {error.strerror}",
            remedy="Name a file that you may read with --config FILE.",
        ) from error


@dataclass(frozen=True, slots=True)
class _Check:
    """One file with its layers, on the way to settings."""

    name: str
    document: source.Source
    folded: layers.Layers

    def settings(self) -> settings.Settings:
        """Give the settings. Raises SettingsError with all faults."""
        data = self.folded.data
        if not isinstance(data, dict):
            found = faults.shown(data)
            raise faults.error([faults.Fault(self.name, "the document", found, "keys and values")])
        wrong = [*self.folded.problems, *self._wrong_types(data), *self._broken_rules(data)]
        if wrong:
            raise faults.error(wrong)
        return settings.Settings.model_validate(data)

    def _wrong_types(self, data: Mapping[str, Any]) -> Iterator[faults.Fault]:
        try:
            settings.Settings.model_validate(data)
        except pydantic.ValidationError as error:
            for key, fault in wording.of(error):
                yield dataclasses.replace(fault, where=self.where(key))

    def _broken_rules(self, data: Mapping[str, Any]) -> Iterator[faults.Fault]:
        for key, section in _sections(settings.Settings, data, ()):
            for rule in rules.broken(section):
                whole = (*key, *rule.key)
                yield faults.Fault(
                    self.where(whole), faults.dotted(whole), rule.found, rule.expected, rule.remedy
                )

    def where(self, key: faults.Key) -> str:
        """Say which layer gave a setting: a variable, a flag, or a line of the file."""
        above = (self.folded.said.get(key[:length]) for length in range(len(key), 0, -1))
        said = next((origin for origin in above if origin), None)
        line = self.document.line(key)
        return said or (f"{self.name}:{line}" if line else self.name)

    def given(self, key: faults.Key) -> bool:
        """Whether any layer but the defaults says this setting, or what it stands in."""
        keys = [key[:length] for length in range(len(key), 0, -1)]
        return any(each in self.folded.said for each in keys) or key in self.document.lines


def _sections(
    kind: type[settings.Section], data: object, key: faults.Key
) -> Iterator[tuple[faults.Key, settings.Section]]:
    """Give each section that is right by itself, so that its rules are asked in the same run."""
    if not isinstance(data, Mapping):
        return
    # A section with errors of its own is left to the validation of the whole.
    with contextlib.suppress(pydantic.ValidationError):
        yield key, kind.model_validate(data)
    for name, field in kind.model_fields.items():
        inner = settings.section_of(field)
        if inner and name in data:
            for below, found in _of_field(field, data[name]):
                yield from _sections(inner, found, (*key, name, *below))


def _of_field(field: FieldInfo, value: object) -> Iterator[tuple[faults.Key, object]]:
    """Give the sections of a field: itself, or each of a map."""
    if not settings.is_map(field):
        yield (), value
    elif isinstance(value, Mapping):
        yield from (((name,), found) for name, found in value.items())


def _origins(value: object, key: faults.Key, checked: _Check) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and (value or not key):
        for name, child in value.items():
            yield from _origins(child, (*key, name), checked)
    else:
        origin = checked.where(key) if checked.given(key) else layers.DEFAULT
        yield faults.dotted(key), origin
