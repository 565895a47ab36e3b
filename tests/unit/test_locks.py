"""The two locks name the same versions, and hold all that tfgen asks for."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

_PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9._-]+", re.IGNORECASE)


def _canonical(name: str) -> str:
    """Give a distribution's name as the packaging rules (PEP 503) compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(name: str) -> Mapping[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    return {_canonical(pin["name"]): pin["version"] for pin in _PIN.finditer(text)}


def _asked() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = (_NAME.match(text) for text in project["dependencies"])
    return {_canonical(match[0]) for match in found if match}


def test_the_locks_agree() -> None:
    """What users install is what was tested: run.txt is a part of dev.txt (run: make lock)."""
    assert _pins("run.txt").items() <= _pins("dev.txt").items()


def test_the_locks_are_whole() -> None:
    """Every dependency of pyproject.toml is locked (run: make lock)."""
    assert _asked() <= _pins("run.txt").keys()
