"""OpenStack's own environment: Keystone, Neutron, Octavia and Barbican from PyPI, with hashes."""

import platform
import re
import sys
from pathlib import Path

from lab import commands, errors
from lab.settings import CHECKOUT
from lab.software import cache

REQUIREMENTS = CHECKOUT / "lab" / "openstack" / "requirements.txt"


def folder() -> Path:
    """The virtual environment's folder; another lock or another Python has another."""
    identity = cache.key(REQUIREMENTS.read_bytes(), sys.version, platform.machine())
    return cache.root() / f"openstack-{identity}"


def program(name: str) -> Path:
    """A program of the environment."""
    return folder() / "bin" / name


def is_built() -> bool:
    """Whether nothing is left to do."""
    return cache.is_complete(folder())


def build(log: Path) -> str:
    """Install what is missing; what to say of it."""

    def fill(place: Path) -> None:
        commands.run_logged([sys.executable, "-m", "venv", place], log)
        pip = [place / "bin" / "pip", "install", "--disable-pip-version-check", "--quiet"]
        commands.run_logged(
            [*pip, "--require-hashes", "--no-deps", "--requirement", REQUIREMENTS], log
        )

    return "installed OpenStack" if cache.ensure(folder(), fill, movable=False) else ""


def version(package: str) -> str:
    """The version of a package in the lock; LabError if it is not there."""
    pattern = rf"^{re.escape(package)}==(\S+)"
    found = re.search(pattern, REQUIREMENTS.read_text(), re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise errors.LabError(f"no {package} in {REQUIREMENTS.name}")
    return found[1]
