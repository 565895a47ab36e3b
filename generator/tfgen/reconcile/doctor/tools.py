"""Checks of what runs here: tfgen itself, the engine, the provider."""

import platform
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tfgen import __version__, errors, render
from tfgen.reconcile.doctor import finding
from tfgen.reconcile.doctor.finding import Finding
from tfgen.reconcile.doctor.patient import Patient
from tfgen.tree import LOCK_FILE

PROVIDER_SECONDS = 90.0
_VERSION = re.compile(r'^\s*version\s*=\s*"([^"]+)"', re.MULTILINE)
_PROVIDER = "terraform-provider-openstack/openstack"


def version(_patient: Patient) -> Iterator[Finding]:
    """Say which tfgen this is."""
    yield finding.ok(f"{__version__}, with Python {platform.python_version()}")


def engine(patient: Patient) -> Iterator[Finding]:
    """Find the engine."""
    yield finding.ok(f"{patient.engine}, {patient.engine.path}")


def provider(patient: Patient) -> Iterator[Finding]:
    """Install the provider into a folder that goes again: the one sure way to see that it works."""
    lock = _lock(patient)
    with tempfile.TemporaryDirectory(prefix="tfgen-doctor-") as folder:
        directory = Path(folder)
        write_root(directory, patient, lock)
        patient.stack(directory, seconds=PROVIDER_SECONDS).init()
        found = _VERSION.search((directory / LOCK_FILE).read_text())
        yield finding.ok(f"{_PROVIDER} {found[1] if found else '?'}, {_origin(directory)}")
    if lock == "":
        yield finding.warning(
            "the tree has no provider lock: each stack takes the newest", "Run: tfgen lock"
        )


def _lock(patient: Patient) -> str | None:
    """Give the tree's lock, "" where it has none; None where the tree cannot be read."""
    try:
        return patient.snapshot.texts.get(LOCK_FILE, "")
    except errors.TfgenError:
        return None  # which is said by the check of the tree


def write_root(directory: Path, patient: Patient, lock: str | None) -> None:
    """Write what an engine needs to install the provider."""
    documents = render.stack_documents("doctor", patient.settings)
    (directory / "versions.tf").write_text(documents["stacks/doctor/versions.tf"])
    if lock:
        (directory / LOCK_FILE).write_text(lock)


def _origin(directory: Path) -> str:
    """Say where an installed provider came from; of an unpacked mirror it is a link into it."""
    providers = directory / ".terraform" / "providers"
    for path in providers.rglob("*"):
        if path.is_symlink():
            inside = len(path.relative_to(providers).parts)
            return f"from mirror {_short(path.resolve().parents[inside - 1])}"
    hosts = [path.name for path in providers.iterdir() if path.is_dir()]
    return f"from {', '.join(hosts) or 'nowhere'} (registry or packed mirror)"


def _short(path: Path) -> str:
    """Write a path below the home directory as people do."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
