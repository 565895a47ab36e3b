"""What the laboratory keeps secret, and whether a session's folders hold any of it."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from tests import secrets

_KEYS = ("password", "application_credential_secret", "token", "client-key-data")
_HOLDERS = ("clouds.yaml", "kubeconfig", "tfgen.kubeconfig")
"""Files that tests write for tfgen to read: they are there to hold credentials."""


def known(etc: Path) -> dict[str, str]:
    """Give the passwords, tokens and keys of a laboratory, by the file that they stand in."""
    found: dict[str, str] = {}
    for name in ("clouds.yaml", "kubeconfig"):
        if (etc / name).is_file():
            values = _values(yaml.safe_load((etc / name).read_text()))
            found |= {f"{name}: {number}": text for number, text in enumerate(sorted(set(values)))}
    for path in sorted(etc.rglob("*.key")):
        lines = path.read_text(errors="replace").splitlines()
        found |= {path.name: lines[1]} if len(lines) > 1 else {}
    return found


def leaks(base: Path, etc: Path) -> list[str]:
    """Say which file below a session's folder holds what of the laboratory's secrets."""
    return secrets.leaks(base, known(etc), _HOLDERS)


def _values(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            if key in _KEYS and isinstance(value, str):
                yield value
            else:
                yield from _values(value)
    elif isinstance(document, list):
        for each in document:
            yield from _values(each)
