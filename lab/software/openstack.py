"""OpenStack's own environment: Keystone, Neutron, Octavia and Barbican from PyPI, with hashes."""

import platform
import re
import sys
from pathlib import Path

from lab import commands, errors
from lab.settings import CHECKOUT
from lab.software import cache

REQUIREMENTS = CHECKOUT / "lab" / "openstack" / "requirements.txt"
# Exactly what the lock says, and nothing that does not have the hash in it.
PIP = (
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--require-hashes",
    "--no-deps",
    "--requirement",
)


def folder() -> Path:
    """Give the virtual environment's folder; another lock or another Python has another."""
    identity = cache.key(REQUIREMENTS.read_bytes(), sys.version, platform.machine())
    return cache.root() / f"openstack-{identity}"


def program(name: str) -> Path:
    """Give a program of the environment."""
    return folder() / "bin" / name


def is_built() -> bool:
    """Whether nothing is left to do."""
    return cache.is_complete(folder())


def build(log: Path) -> str:
    """Install what is missing; what to say of it."""

    def fill(place: Path) -> None:
        commands.run_logged([sys.executable, "-m", "venv", place], log)
        commands.run_logged([place / "bin" / "pip", *PIP, REQUIREMENTS], log)

    return "installed OpenStack" if cache.ensure(folder(), fill, movable=False) else ""


def version(package: str) -> str:
    """Give the version of a package in the lock; LabError if it is not there."""
    pattern = rf"^{re.escape(package)}==(\S+)"
    found = re.search(pattern, REQUIREMENTS.read_text(), re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise errors.LabError(f"no {package} in {REQUIREMENTS.name}")
    return found[1]
