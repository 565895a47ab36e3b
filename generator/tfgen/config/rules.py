"""What must hold between settings, beyond the type of each."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from tfgen.config import faults, settings

_USERINFO = re.compile(r"://[^/@\s:]*:[^/@\s]+@|\bpassword=", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLACEHOLDERS = {"cluster", "stack"}
_VARIABLES = {
    "azurerm": "ARM_ACCESS_KEY, ARM_SAS_TOKEN or ARM_CLIENT_SECRET",
    "consul": "CONSUL_HTTP_TOKEN or CONSUL_HTTP_AUTH",
    "gcs": "GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_ENCRYPTION_KEY",
    "http": "TF_HTTP_USERNAME and TF_HTTP_PASSWORD",
    "kubernetes": "KUBE_TOKEN, KUBE_PASSWORD or KUBE_CLIENT_KEY_DATA",
    "pg": "PG_CONN_STR, or PGUSER and PGPASSWORD",
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a section breaks; `key` counts from that section."""

    key: faults.Key
    found: str
    expected: str
    remedy: str


def broken(section: settings.Section) -> Iterator[Broken]:
    """Give what a section by itself breaks; the sections inside it are asked on their own."""
    rule = _RULES.get(type(section))
    if rule:
        yield from rule(section)


def _openstack(section: settings.OpenStack) -> Iterator[Broken]:
    if section.auth_url and _USERINFO.search(section.auth_url):
        yield Broken(
            ("auth_url",),
            "a URL with a password in it",
            "Keystone's address alone",
            "Credentials belong in clouds.yaml or in the OS_* variables.",
        )


def _network(section: settings.Network) -> Iterator[Broken]:
    for index, network in enumerate(section.floating_networks):
        if not (network.id or network.name):
            yield Broken(
                ("floating_networks", index),
                "without id and name",
                "an external network's name, and its id",
                "`openstack network list --external` shows both.",
            )
    yield from _twice(section, "name")
    yield from _twice(section, "id")


def _twice(section: settings.Network, field: str) -> Iterator[Broken]:
    values = [getattr(network, field) for network in section.floating_networks]
    for value, times in Counter(values).items():
        if value and times > 1:
            yield Broken(
                ("floating_networks",),
                f"a list with {field} {value!r} {times} times",
                "each external network once",
                "Remove the repetition: the first network is the default.",
            )


def _monitor(section: settings.Monitor) -> Iterator[Broken]:
    if section.timeout >= section.delay:
        yield Broken(
            ("timeout",),
            f"{section.timeout} s with a delay of {section.delay} s",
            "less than delay",
            "A probe must have ended when the next one starts: "
            "lower timeout, or raise delay beside it.",
        )


def _backend(section: settings.Backend) -> Iterator[Broken]:
    texts = list(_texts(section.config, ()))
    for key, text in texts:
        yield from _secret(section.type, key, text)
        yield from _placeholders(key, text)
    yield from _states_apart(section, [text for _, text in texts if isinstance(text, str)])


def _texts(value: Any, key: faults.Key) -> Iterator[tuple[faults.Key, Any]]:  # noqa: ANN401  backend arguments are free
    """Walk the backend's arguments, down to what is neither map nor list."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            yield from _texts(child, (*key, str(name)))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, (*key, index))
    else:
        yield key, value


def _secret(backend: str, key: faults.Key, value: object) -> Iterator[Broken]:
    named = any(faults.secret_name(str(part)) for part in key) and not isinstance(value, bool)
    if named or (isinstance(value, str) and _USERINFO.search(value)):
        variables = _VARIABLES.get(backend, "its own environment variables")
        yield Broken(
            ("config", *key),
            "a secret, by its name or form",
            "no secret in tfgen.yaml, which lies in Git",
            f"Remove it and give it to the engine by the environment: backend {backend} "
            f"reads {variables}.",
        )


def _placeholders(key: faults.Key, value: object) -> Iterator[Broken]:
    names = _PLACEHOLDER.findall(value) if isinstance(value, str) else []
    for name in sorted(set(names) - _PLACEHOLDERS):
        yield Broken(
            ("config", *key),
            f"a text with {{{name}}}",
            "{cluster} and {stack} as the only placeholders",
            "Write one of these, or the value itself.",
        )


def _states_apart(section: settings.Backend, texts: list[str]) -> Iterator[Broken]:
    if any("{stack}" in text for text in texts):
        return
    path = section.config.get("path", "")
    if section.type != "local":
        yield Broken(
            ("config",),
            "without {stack}",
            f"{{stack}} in the argument that tells one state of backend {section.type} "
            "from another",
            "Else all stacks would share one state. "
            'Write it, as in key: "tfgen/{cluster}/{stack}".',
        )
    elif isinstance(path, str) and PurePath(path).is_absolute():
        yield Broken(
            ("config", "path"),
            f"{path!r}, the same for all stacks",
            "a relative path, or {stack} in it",
            "Else all stacks would share one state.",
        )


_RULES: Mapping[type[settings.Section], Callable[[Any], Iterator[Broken]]] = {
    settings.OpenStack: _openstack,
    settings.Network: _network,
    settings.Monitor: _monitor,
    settings.Backend: _backend,
}
