"""What is wrong with the settings, as values: all of it is said at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tfgen import errors

Key = tuple[str | int, ...]
"""A setting's place: ("guards", "stop"), ("network", "floating_networks", 0, "name")."""

_SECRET = re.compile(
    r"passw(or)?d|passphrase|secret|token|credential|private_?key|access_?key"
    r"|(account|customer|encryption|client)_?key|sas_|http_auth|authorization",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"(_files?|_paths?|_url|_suffix)$|^kms_|^skip_", re.IGNORECASE)
_PASSWORD = re.compile(r"://[^/@\s:]*:[^/@\s]+@|\bpassword=", re.IGNORECASE)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong setting. Reads as: "<where>: <key> is <found>; expected <expected>. <remedy>"."""

    where: str
    """File and line, or the variable or flag that said it."""
    key: str
    found: str
    expected: str
    remedy: str = "Correct it."

    def __str__(self) -> str:
        return f"{self.where}: {self.key} is {self.found}; expected {self.expected}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a section breaks; `key` counts from that section."""

    key: Key
    found: str
    expected: str
    remedy: str


def error(faults: Iterable[Fault]) -> errors.SettingsError:
    """Make one error of all faults, in the order of the file."""
    lines = [str(fault) for fault in sorted(dict.fromkeys(faults), key=_place)]
    if len(lines) == 1:
        return errors.SettingsError(lines[0])
    listed = "\n".join(f"  {line}" for line in lines)
    return errors.SettingsError(f"{len(lines)} settings are wrong:\n{listed}")


def _place(fault: Fault) -> tuple[str, int]:
    name, colon, line = fault.where.rpartition(":")
    return (name, int(line)) if colon and line.isdecimal() else (fault.where, 0)


def dotted(key: Key) -> str:
    """Write a key as people do: `network.floating_networks[0].name`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")


def shown(value: object, key: Key = ()) -> str:
    """Show a value found, cut to a line; what a secret-looking key holds is not shown."""
    if any(secret_name(str(part)) for part in key):
        return "a value not shown here"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def secret_name(name: str) -> bool:
    """Whether a key's name says that it holds a secret, not a place where one lies."""
    return bool(_SECRET.search(name)) and not _NO_SECRET.search(name)


def has_password(text: str) -> bool:
    """Whether a text is an address or a connection string with a password in it."""
    return bool(_PASSWORD.search(text))
