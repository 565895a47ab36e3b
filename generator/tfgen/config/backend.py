"""What must hold of a backend: a state for each stack, no secrets, values that HCL can say."""

import math
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen.config import faults, settings

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLACEHOLDERS = {"cluster", "stack"}
_ARGUMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_VARIABLES = {
    "azurerm": "ARM_ACCESS_KEY, ARM_SAS_TOKEN or ARM_CLIENT_SECRET",
    "consul": "CONSUL_HTTP_TOKEN or CONSUL_HTTP_AUTH",
    "gcs": "GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_ENCRYPTION_KEY",
    "http": "TF_HTTP_USERNAME and TF_HTTP_PASSWORD",
    "kubernetes": "KUBE_TOKEN, KUBE_PASSWORD or KUBE_CLIENT_KEY_DATA",
    "pg": "PG_CONN_STR, or PGUSER and PGPASSWORD",
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
}
_DEEPEST = 20
_ADDRESSES = {
    "azurerm": ("key", "container_name"),
    "consul": ("path",),
    "cos": ("prefix", "key", "bucket"),
    "gcs": ("prefix", "bucket"),
    "http": ("address",),
    "kubernetes": ("secret_suffix", "namespace"),
    "oci": ("key", "bucket"),
    "oss": ("prefix", "key", "bucket"),
    "pg": ("schema_name", "conn_str"),
    "remote": ("workspaces",),
    "s3": ("key", "bucket"),
}
"""The arguments that tell one state from another, likeliest first; of other types, any."""


@dataclass(frozen=True, slots=True)
class _Unsayable:
    """Stands for what HCL cannot say, and is shown in its place."""

    found: str

    def __repr__(self) -> str:
        return self.found


def broken(section: settings.Backend) -> Iterator[faults.Broken]:
    """Give what a backend breaks."""
    values = list(_values(section.config, ()))
    for key, value in values:
        yield from _sayable(key, value)
        yield from _secret(section.type, key, value)
        yield from _placeholders(key, value)
    if section.type == "local":
        yield from _within(section.config.get("path", ""))
    else:
        yield from _states_apart(section.type, values)


def _values(value: Any, key: faults.Key) -> Iterator[tuple[faults.Key, Any]]:  # noqa: ANN401  backend arguments are free
    """Walk the backend's arguments, down to what is neither map nor list."""
    if len(key) > _DEEPEST:
        yield key[:1], _Unsayable("more levels than a backend has")  # an alias within itself
    elif isinstance(value, Mapping):
        for name, child in value.items():
            yield from (
                _values(child, (*key, name)) if isinstance(name, str) else [_number(key, name)]
            )
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _values(child, (*key, index))
    else:
        yield key, value


def _number(key: faults.Key, name: object) -> tuple[faults.Key, object]:
    return key, _Unsayable(f"a map with the name {name!r}")


def _sayable(key: faults.Key, value: object) -> Iterator[faults.Broken]:
    """Refuse a name or a value that HCL has no form for: a date, .nan, a key that is no text."""
    finite = not isinstance(value, float) or math.isfinite(value)
    if not (value is None or (isinstance(value, (str, bool, int, float)) and finite)):
        expected = "text, a number, true or false"
        remedy = "Put quotes around it where text is meant."
        yield faults.Broken(("config", *key), faults.shown(value, key), expected, remedy)
    if key and not _ARGUMENT.fullmatch(str(key[0])):
        expected = "the name of an argument: letters, digits, '_' and '-'"
        yield faults.Broken(("config", *key[:1]), "no such name", expected, "Correct it.")


def _secret(backend: str, key: faults.Key, value: object) -> Iterator[faults.Broken]:
    named = any(faults.secret_name(str(part)) for part in key) and not isinstance(value, bool)
    if named or (isinstance(value, str) and faults.has_password(value)):
        variables = _VARIABLES.get(backend, "its own environment variables")
        yield faults.Broken(
            ("config", *key),
            "a secret, by its name or form",
            "no secret in tfgen.yaml, which lies in Git",
            f"Remove it and give it to the engine by the environment: backend {backend} "
            f"reads {variables}.",
        )


def _placeholders(key: faults.Key, value: object) -> Iterator[faults.Broken]:
    names = _PLACEHOLDER.findall(value) if isinstance(value, str) else []
    for name in sorted(set(names) - _PLACEHOLDERS):
        yield faults.Broken(
            ("config", *key),
            f"a text with {{{name}}}",
            "{cluster} and {stack} as the only placeholders",
            "Write one of these, or the value itself.",
        )


def _within(path: object) -> Iterator[faults.Broken]:
    """Refuse one local file for all stacks: a path counts from the folder of each stack."""
    place = posixpath.normpath(path) if isinstance(path, str) and path else "."
    outside = posixpath.isabs(place) or place.split("/")[0] == ".."
    if outside and "{stack}" not in place:
        yield faults.Broken(
            ("config", "path"),
            f"{path!r}, the same for all stacks",
            "a path within the folder of the stack, or {stack} in it",
            "Else all stacks would share one state.",
        )


def _states_apart(backend: str, values: list[tuple[faults.Key, Any]]) -> Iterator[faults.Broken]:
    """Refuse a backend whose every stack would have the same state."""
    addresses = _ADDRESSES.get(backend, ())
    apart = [key[0] for key, value in values if isinstance(value, str) and "{stack}" in value]
    if any(not addresses or name in addresses for name in apart):
        return
    elsewhere = f"with {{stack}} in {apart[0]} alone" if apart else "without {stack}"
    where = " or ".join(addresses) or "the argument that tells one state from another"
    yield faults.Broken(
        ("config",),
        elsewhere,
        f"{{stack}} in {where}, as backend {backend} tells states apart by that",
        "Else all stacks would share one state. "
        f'Write it, as in {(*addresses, "key")[0]}: "tfgen/{{cluster}}/{{stack}}".',
    )
