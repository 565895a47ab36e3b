"""OpenStack's own environment: Keystone, Neutron, Octavia and Barbican from PyPI, with hashes."""

import platform
import re
import sys
from pathlib import Path

from lab import commands, errors
from lab.settings import CHECKOUT
from lab.software import cache

REQUIREMENTS = CHECKOUT / "lab" / "openstack" / "requirements.txt"
# The Python that the lock was resolved for, and the only one that was tried.
PYTHON = (3, 11)
# Exactly what the lock says, and nothing that does not have the hash in it. Two packages are
# released as sources only, so what builds them comes from the lock, too, and is there before them.
PIP = (
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--require-hashes",
    "--no-deps",
    "--no-build-isolation",
    "--use-pep517",
    "--requirement",
)
BUILDER = "setuptools"


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
        first = place / f"{BUILDER}.txt"
        first.write_text(pin(BUILDER))
        for requirements in (first, REQUIREMENTS):
            commands.run_logged([place / "bin" / "pip", *PIP, requirements], log)

    return "installed OpenStack" if cache.ensure(folder(), fill, movable=False) else ""


def pin(package: str) -> str:
    """Give the lock's lines of a package, with its hashes; LabError if it is not there."""
    pattern = rf"^{re.escape(package)}==.*\n(?:[ ].*\n)*"
    found = re.search(pattern, REQUIREMENTS.read_text(), re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise errors.LabError(f"no {package} in {REQUIREMENTS.name}")
    return found[0]


def version(package: str) -> str:
    """Give the version of a package in the lock; LabError if it is not there."""
    return pin(package).partition("==")[2].split()[0]
